using System.Text.RegularExpressions;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Notebooks;

/// <summary>The kernel as Jupyter sees it, in pwsh; psconvnet is the same console.</summary>
public partial class KernelTests
{
    [SkippableFact]
    public void The_kernel_passes_Jupyter_s_own_tests_without_leaving_one_out()
    {
        using var jupyter = new Jupyter(Pwsh.Path, "jupyter_kernel_test");

        var output = jupyter.Run("conformance.py");

        Assert.Matches(AllRan(), output);
        Assert.DoesNotContain("skipped", output, StringComparison.Ordinal);
    }

    [SkippableFact]
    public void The_kernel_behaves_as_a_frontend_expects()
    {
        using var jupyter = new Jupyter(Pwsh.Path, "jupyter_client");

        jupyter.Run("behaviour.py");
    }

    // The package's newer versions have one more, on iopub_welcome.
    [GeneratedRegex(@"Ran 1[23] tests in [\d.]+s\s+OK")]
    private static partial Regex AllRan();
}
