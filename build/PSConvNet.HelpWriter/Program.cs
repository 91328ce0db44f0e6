using System.Management.Automation;
using System.Reflection;
using PSConvNet.HelpWriter;

// Comments are read from the .xml files beside the module unless --docs names them. What is missing is printed as MSBuild errors.
const string usage =
    "usage: PSConvNet.HelpWriter <module.dll>... [--docs file.xml]... [--maml file] [--markdown folder]";

if (Arguments.Parse(args) is not { } arguments)
{
    Console.Error.WriteLine(usage);
    return 2;
}

var assemblies = arguments.Modules.Select(Assembly.LoadFrom).ToArray();

// The module's own start-up makes its dependencies findable; types of theirs may stand in a parameter.
foreach (
    var type in assemblies
        .SelectMany(assembly => assembly.GetTypes())
        .Where(t => t.IsClass && !t.IsAbstract && t.IsAssignableTo(typeof(IModuleAssemblyInitializer)))
)
    ((IModuleAssemblyInitializer)Activator.CreateInstance(type)!).OnImport();

Type[] cmdlets =
[
    .. assemblies.SelectMany(HelpModel.CmdletsOf).OrderBy(DocComments.CmdletName, StringComparer.Ordinal),
];

// A nested module's commands lead on to those of the module that it is part of.
const string module = "PSConvNet";
var around = assemblies
    .Where(assembly => assembly.GetReferencedAssemblies().Any(name => name.Name == module))
    .Select(assembly => Assembly.LoadFrom(Path.Combine(Path.GetDirectoryName(assembly.Location)!, module + ".dll")));
var names = assemblies.Concat(around).Distinct().SelectMany(HelpModel.CmdletsOf).Select(DocComments.CmdletName);
var model = new HelpModel(new DocComments(arguments.Docs, cmdlets), names);
List<CommandHelp> commands = [.. cmdlets.Select(model.Describe)];
foreach (var fault in model.Faults)
    Console.WriteLine($"{Path.GetFileName(arguments.Modules[0])} : error HELP001: {fault}");
if (model.Faults.Count > 0)
    return 1;

if (arguments.Maml is { } file)
    MamlWriter.Write(file, commands);
if (arguments.Markdown is { } folder)
    MarkdownWriter.Write(folder, commands);
return 0;
