using System.Management.Automation;
using System.Reflection;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>Paths are what they are in PowerShell's own cmdlets: with wildcards, literally, and from Get-Item through the pipeline.</summary>
public sealed class PathParameterTests(SharedSession shared) : IClassFixture<SharedSession>
{
    /// <summary>Texts that are no paths. What isn't here is one, so that nobody forgets to say so of a new parameter.</summary>
    private static readonly HashSet<string> s_texts =
    [
        "Class",
        "ClassName",
        "DisplayName",
        "Frozen",
        "Layer",
        "Name",
        "Note",
        "Padding",
        "Title",
        "Unfrozen",
    ];

    /// <summary>Places where something is written, which needn't be there yet: no wildcards, and a name is taken as it is.</summary>
    private static readonly HashSet<string> s_written =
    [
        "ShowCommand -Path",
        "ExportModelCommand -Path",
        "NewModelPageCommand -Path",
        "NewModelReportCommand -Path",
        "InvokeNotebookCommand -OutputPath",
        "InvokeTrainingCommand -CheckpointPath",
        "InvokeSweepCommand -Study",
        "TrainingCommand -TensorBoard",
        "RegisterNotebookKernelCommand -Prefix",
    ];

    /// <summary>What is as it is for a reason.</summary>
    private static readonly Dictionary<string, string> s_exceptions = new()
    {
        ["ImportImageFolderCommand -TestPath"] = "is taken as the folder beside it: as -Path or as -LiteralPath",
        ["ImportModelCommand -LiteralWeights"] = "has no PSPath: the pipeline brings the model",
        ["RegisterNotebookKernelCommand -Program"] = "names one program, often by a link; it is run and not read",
    };

    private readonly List<PropertyInfo> _paths =
    [
        .. shared
            .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => ((CmdletInfo)command.BaseObject).ImplementingType)
            .SelectMany(type => type.GetProperties())
            .Where(property => property.IsDefined(typeof(ParameterAttribute)))
            .Where(p => p.PropertyType == typeof(string) || p.PropertyType == typeof(string[]))
            .Where(p => !s_texts.Contains(p.Name)),
    ];

    private IEnumerable<PropertyInfo> Read =>
        _paths.Where(p => !s_written.Contains(Name(p)) && !s_exceptions.ContainsKey(Name(p)));

    [Fact]
    public void Lists_of_this_test_name_parameters_that_there_are()
    {
        var names = _paths.Select(Name).ToHashSet();
        Assert.Empty(s_written.Concat(s_exceptions.Keys).Except(names));
        Assert.InRange(Read.Count(), 15, 100);
    }

    [Fact]
    public void Each_that_is_read_can_be_given_literally() =>
        None(
            Read,
            p => IsLiteral(p) || p.ReflectedType!.GetProperty($"Literal{p.Name}") is not null,
            "add a parameter Literal... beside it, or the alias LiteralPath where names are always taken as they are"
        );

    [Fact]
    public void Each_literal_one_has_the_alias_PSPath() =>
        None(Read.Where(IsLiteral), p => Aliases(p).Contains("PSPath"), "add the alias PSPath");

    [Fact]
    public void Each_literal_one_comes_through_the_pipeline_from_Get_Item() =>
        None(
            // Of reports the pipeline brings the models, which know their study.
            Read.Where(p => IsLiteral(p) && Name(p) != "NewModelReportCommand -Study"),
            p => p.GetCustomAttributes<ParameterAttribute>().Any(a => a.ValueFromPipelineByPropertyName),
            "add ValueFromPipelineByPropertyName"
        );

    [Fact]
    public void Each_with_wildcards_says_so() =>
        None(
            Read.Where(p => !IsLiteral(p)),
            p => p.IsDefined(typeof(SupportsWildcardsAttribute)),
            "resolve it by FilePaths, and add SupportsWildcards"
        );

    [Fact]
    public void Path_comes_through_the_pipeline_as_a_text() =>
        None(
            Read.Where(p => p.Name == "Path"),
            p =>
                p.GetCustomAttributes<ParameterAttribute>().Any(a => a.ValueFromPipeline)
                && p.CustomAttributes.Any(a => a.NamedArguments.Any(n => n.MemberName == "IsPath")),
            "add ValueFromPipeline, and IsPath to its ReadAs, or else a layer from the pipeline is taken for a path"
        );

    private static bool IsLiteral(PropertyInfo parameter) =>
        parameter.Name.StartsWith("Literal", StringComparison.Ordinal) || Aliases(parameter).Contains("LiteralPath");

    private static IEnumerable<string> Aliases(PropertyInfo parameter) =>
        parameter.GetCustomAttributes<AliasAttribute>().SelectMany(alias => alias.AliasNames);

    private static string Name(PropertyInfo parameter) =>
        $"{parameter.GetMethod!.GetBaseDefinition().DeclaringType!.Name} -{parameter.Name}";

    private static void None(IEnumerable<PropertyInfo> parameters, Func<PropertyInfo, bool> isRight, string remedy)
    {
        var wrong = parameters.Where(p => !isRight(p)).Select(Name).Distinct().ToList();
        Assert.True(wrong.Count == 0, $"{string.Join(", ", wrong)}: {remedy}.");
    }
}
