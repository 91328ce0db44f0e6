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
            .Where(property => property.IsDefined(typeof(ParameterAttribute)));
}
