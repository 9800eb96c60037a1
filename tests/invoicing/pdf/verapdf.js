// Prints each file's name and how many checks it was put to, then a line for every rule it breaks.
// Run by the Rhino that stands beside veraPDF in the same archive, so that no Java compiler is needed.
var verapdf = Packages.org.verapdf;
verapdf.gf.foundry.VeraGreenfieldFoundryProvider.initialise();
var foundry = verapdf.pdfa.Foundries.defaultInstance();
var flavour = verapdf.pdfa.flavours.PDFAFlavour.PDFA_3_B;
for (var at = 0; at < arguments.length; at++) {
  var parser = foundry.createParser(new java.io.FileInputStream(arguments[at]), flavour);
  var result = foundry.createValidator(flavour, false).validate(parser);
  print(["file", arguments[at], result.isCompliant(), result.getTotalAssertions()].join("\t"));
  var broken = {};
  for (var found = result.getTestAssertions().iterator(); found.hasNext(); ) {
    var assertion = found.next();
    var rule = assertion.getRuleId();
    broken[rule.getClause() + "-" + rule.getTestNumber()] = assertion.getMessage();
  }
  for (var name in broken) print(["rule", name, broken[name]].join("\t"));
  parser.close();
}
