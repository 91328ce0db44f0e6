using System.Management.Automation;
using System.Reflection;
using PSConvNet.Module.Tests.Models;

namespace PSConvNet.Module.Tests.Arguments;

/// <summary>What every parameter of every cmdlet has to have, whoever adds it.</summary>
public sealed class ParameterTests(SharedSession shared) : IClassFixture<SharedSession>
{
    private static readonly HashSet<Type> s_numbers =
    [
        typeof(byte),
        typeof(sbyte),
        typeof(short),
        typeof(ushort),
        typeof(int),
        typeof(uint),
        typeof(long),
        typeof(ulong),
        typeof(float),
        typeof(double),
        typeof(decimal),
    ];

    private readonly PowerShellSession _session = shared.Session;

    private readonly Lazy<HashSet<Type>> _commands = new(() =>
        [
            .. shared
                .Session.Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
                .Output.Select(command => ((CmdletInfo)command.BaseObject).ImplementingType),
        ]
    );

    [Fact]
    public void Every_number_and_enumeration_is_read_as_it_looks()
    {
        var unguarded = Parameters()
            .Where(p => s_numbers.Contains(Plain(p.PropertyType)) || Plain(p.PropertyType).IsEnum)
            .Where(p => p.CustomAttributes.All(a => !IsReadAs(a.AttributeType, p.PropertyType)))
            .Select(Name);

        Assert.True(
            !unguarded.Any(),
            $"Put [ReadAs<T>] with the parameter's own type on {string.Join(", ", unguarded)}: PowerShell would read '1,5' as 15, and ReLU,GELU as one name."
        );
    }

    [Fact]
    public void There_are_many_of_them() =>
        Assert.InRange(
            Parameters().Count(p => p.CustomAttributes.Any(a => IsReadAs(a.AttributeType, p.PropertyType))),
            100,
            1000
        );

    [Fact]
    public void A_seed_is_a_64_bit_number_everywhere() =>
        Assert.All(
            Parameters().Where(p => p.Name == "Seed"),
            p => Assert.Equal(typeof(long), Nullable.GetUnderlyingType(p.PropertyType) ?? p.PropertyType)
        );

    [Theory]
    [InlineData("OptimizerSpec", "OptimizerTransformAttribute")]
    [InlineData("LearningRateSchedule", "ScheduleTransformAttribute")]
    [InlineData("Augmentation", "AugmentationTransformAttribute")]
    [InlineData("SweepSpace", "SweepSpaceTransformAttribute")]
    [InlineData("SweepEngine", "EngineTransformAttribute")]
    [InlineData("Dataset", "DatasetTransformAttribute")]
    public void A_description_is_taken_as_a_table_and_a_data_set_as_a_part_everywhere(string type, string attribute)
    {
        var parameters = Parameters().Where(p => p.PropertyType.Name == type && !IsOnlyForWholeSets(p)).ToList();

        Assert.NotEmpty(parameters);
        Assert.All(parameters, p => Assert.Contains(p.CustomAttributes, a => a.AttributeType.Name == attribute));
    }

    [Fact]
    public void What_a_parameter_needs_is_a_parameter_of_the_same_cmdlet()
    {
        var needs = Parameters()
            .SelectMany(p =>
                p.CustomAttributes.Where(a => a.AttributeType.Name == "NeedsAttribute")
                    .Select(a => (p.ReflectedType, Partner: (string)a.ConstructorArguments[0].Value!))
            )
            .ToList();

        Assert.NotEmpty(needs);
        Assert.All(needs, need => Assert.NotNull(need.ReflectedType!.GetProperty(need.Partner)));
    }

    /// <summary>Values that hardly any parameter takes, and that PowerShell would convert to something else or refuse in words of its own.</summary>
    public static TheoryData<string> Odd => ["a list", "a bool", "a hashtable", "an empty list", "a script block"];

    [Theory]
    [MemberData(nameof(Odd))]
    public void Whatever_is_given_is_taken_or_refused_in_a_sentence_of_ours(string kind)
    {
        object value = kind switch
        {
            "a list" => new object[] { 1, "b" },
            "a bool" => true,
            "a hashtable" => new System.Collections.Hashtable { ["x"] = 1 },
            "a script block" => ScriptBlock.Create("1"),
            _ => Array.Empty<object>(),
        };
        foreach (var parameter in Parameters().Where(p => IsCommand(p.ReflectedType!)))
        {
            if (TakesAnything(parameter.PropertyType))
                continue;
            var transforms = parameter.GetCustomAttributes<ArgumentTransformationAttribute>().ToList();
            Assert.True(
                transforms.Count == 1,
                $"{Name(parameter)} has {transforms.Count} transforms: PowerShell would answer a list with 'Cannot convert System.Object[]'."
            );
            try
            {
                var taken = transforms[0].Transform(null!, value);
                Assert.True(Fits(taken, parameter.PropertyType), $"{Name(parameter)} takes {kind}.");
            }
            catch (ArgumentTransformationMetadataException e)
            {
                var cause = e.GetBaseException();
                Assert.True(cause.GetType().Name == "ConvNetException", $"{Name(parameter)}: {cause}");
                Assert.DoesNotContain("System.", e.Message, StringComparison.Ordinal);
                Assert.EndsWith(".", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_whole_number_says_the_range_that_it_has() =>
        Assert.All(
            Parameters()
                .Where(p => Plain(p.PropertyType) == typeof(int) && !p.PropertyType.IsArray && p.Name != "Axis"),
            p =>
                Assert.True(
                    p.CustomAttributes.Any(a => a.NamedArguments.Any(n => n.MemberName == "Least")),
                    $"{Name(p)}: say the Least that it can be."
                )
        );

    /// <summary>Whether people call it; what the module calls itself is given what it takes.</summary>
    private bool IsCommand(Type cmdlet) => _commands.Value.Contains(cmdlet);

    /// <summary>Switches, for which PowerShell's own sentence is plain, and what looks at the objects itself.</summary>
    private static bool TakesAnything(Type type) =>
        type == typeof(SwitchParameter)
        || type == typeof(object[])
        || type == typeof(PSObject[])
        || type == typeof(PSObject)
        || type == typeof(object);

    private static bool Fits(object? taken, Type type) =>
        taken is null
        || type.IsInstanceOfType(taken)
        || (type == typeof(string[]) && taken is object[] or ScriptBlock)
        || (type == typeof(string) && taken is ScriptBlock);

    /// <summary>They give a data set back, or tell of both parts.</summary>
    private static bool IsOnlyForWholeSets(PropertyInfo parameter) =>
        parameter.DeclaringType!.Name is "ExpandDimensionCommand" or "MeasureDatasetCommand";

    private static bool IsReadAs(Type attribute, Type parameter) =>
        attribute is { IsGenericType: true, Name: "ReadAsAttribute`1" }
        && attribute.GenericTypeArguments[0] == parameter;

    private static Type Plain(Type type)
    {
        var plain = type.GetElementType() ?? type;
        return Nullable.GetUnderlyingType(plain) ?? plain;
    }

    private static string Name(PropertyInfo parameter) => $"{parameter.ReflectedType!.Name} -{parameter.Name}";

    /// <summary>Those of all cmdlets in the module's assemblies, exported or not.</summary>
    private IEnumerable<PropertyInfo> Parameters() =>
        _session
            .Run("Get-Command -Module PSConvNet -CommandType Cmdlet")
            .Output.Select(command => ((CmdletInfo)command.BaseObject).ImplementingType.Assembly)
            .Distinct()
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(Cmdlet).IsAssignableFrom(type) && !type.IsAbstract)
            .SelectMany(type => type.GetProperties())
            .Where(property =>
                property.IsDefined(typeof(ParameterAttribute))
                || property.CustomAttributes.Any(a => a.AttributeType.Name == "SettingAttribute")
            );
}
