using System.Management.Automation;

namespace PSConvNet.Module.Tests.Training;

public class NewLearningRateScheduleTests
{
    [Theory]
    [InlineData("New-LearningRateSchedule Constant", "Constant")]
    [InlineData("New-LearningRateSchedule step -Every 3 -Factor 0.1", "Step (Every 3, Factor 0.1)")]
    [InlineData("New-LearningRateSchedule Exponential -Factor 0.8", "Exponential (Factor 0.8)")]
    [InlineData("New-LearningRateSchedule Cosine -EndFactor 0.01 -WarmUp 0.1", "Cosine (EndFactor 0.01, WarmUp 0.1)")]
    [InlineData(
        "New-LearningRateSchedule one-cycle -PeakFactor 4 -WarmUp 0.2 -StartFactor 0.1 -EndFactor 0",
        "OneCycle (PeakFactor 4, WarmUp 0.2, StartFactor 0.1, EndFactor 0)"
    )]
    [InlineData(
        "New-LearningRateSchedule ReduceOnPlateau -Factor 0.2 -Patience 1 -Threshold 0.01 -Cooldown 3 -MinimumFactor 0.05",
        "ReduceOnPlateau (Factor 0.2, Patience 1, Threshold 0.01, Cooldown 3, MinimumFactor 0.05)"
    )]
    public void A_name_and_its_settings_give_the_schedule(string script, string expected)
    {
        using var session = new PowerShellSession();

        var schedule = session.Run(script).Output.Single();

        Assert.IsAssignableFrom<PSObject>(schedule);
        Assert.Equal("PSConvNet.Training.LearningRateSchedule", schedule.TypeNames[1]);
        Assert.Equal(expected, schedule.ToString());
    }

    [Theory]
    [InlineData("New-LearningRateSchedule linear", "ScheduleUnknown", ErrorCategory.ObjectNotFound)]
    [InlineData("New-LearningRateSchedule Cosine -Factor 0.5", "ScheduleSettingUnknown", ErrorCategory.InvalidArgument)]
    [InlineData("New-LearningRateSchedule Step -Factor 2", "ScheduleSettingInvalid", ErrorCategory.InvalidArgument)]
    [InlineData("New-LearningRateSchedule Step -Every 0", "ScheduleSettingInvalid", ErrorCategory.InvalidArgument)]
    public void What_is_wrong_is_refused_by_id(string script, string errorId, ErrorCategory category)
    {
        using var session = new PowerShellSession();

        var error = session.RunForError(script);

        Assert.Equal($"{errorId},PSConvNet.Commands.NewLearningRateScheduleCommand", error.FullyQualifiedErrorId);
        Assert.Equal(category, error.CategoryInfo.Category);
    }

    [Fact]
    public void Names_are_completed_with_their_settings_as_tooltips()
    {
        using var session = new PowerShellSession();

        var completions = Completions.Of(session, "New-LearningRateSchedule c");

        Assert.Equal(["Constant", "Cosine"], completions.Select(c => c.CompletionText));
        Assert.Equal(["Constant", "Cosine (EndFactor 0, WarmUp 0)"], completions.Select(c => c.ToolTip));
    }

    [Fact]
    public void A_parameter_for_a_schedule_takes_a_name_or_a_schedule_and_refuses_other_names()
    {
        using var session = new PowerShellSession();
        session.Run(
            """
            function global:Test-It {
                param([PSConvNet.Transforms.ScheduleTransform()] [PSConvNet.Training.LearningRateSchedule] $Schedule)
                $Schedule
            }
            """
        );

        Assert.Equal("Exponential (Factor 0.9)", session.Run("Test-It exponential").Output.Single().ToString());
        Assert.Equal(
            "Exponential (Factor 0.5)",
            session.Run("Test-It (New-LearningRateSchedule Exponential -Factor 0.5)").Output.Single().ToString()
        );
        Assert.Contains(
            "There is no schedule 'linear'; use one of Constant",
            session.RunForError("Test-It linear").Exception.Message,
            StringComparison.Ordinal
        );
    }
}
