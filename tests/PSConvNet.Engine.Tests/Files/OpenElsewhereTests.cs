namespace PSConvNet.Tests.Files;

public class OpenElsewhereTests
{
    [Fact]
    public void What_another_program_has_open_is_tried_until_it_is_free()
    {
        var (tried, paused) = (0, 0);

        OpenElsewhere.Await(
            () =>
            {
                if (++tried < 4)
                    throw new UnauthorizedAccessException();
            },
            _ => true,
            () => paused++
        );

        Assert.Equal((4, 3), (tried, paused));
    }

    [Fact]
    public void What_will_not_pass_is_said_at_once()
    {
        var tried = 0;

        Assert.Throws<DirectoryNotFoundException>(() =>
            OpenElsewhere.Await(
                () =>
                {
                    tried++;
                    throw new DirectoryNotFoundException();
                },
                e => e is not DirectoryNotFoundException,
                () => { }
            )
        );

        Assert.Equal(1, tried);
    }

    [SkippableFact]
    public void Elsewhere_than_on_Windows_nothing_is_tried_twice()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows is what the second try is for.");
        var tried = 0;

        Assert.Throws<UnauthorizedAccessException>(() =>
            OpenElsewhere.Await(() =>
            {
                tried++;
                throw new UnauthorizedAccessException();
            })
        );

        Assert.Equal(1, tried);
    }
}
