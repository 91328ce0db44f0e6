using System.Xml.Linq;

namespace PSConvNet.Module.Tests.Help;

public class DependencyPageTests
{
    [Fact]
    public void Every_dependency_has_its_line_that_says_why()
    {
        var packages = XDocument
            .Load(Path.Combine(Repository.Root, "Directory.Packages.props"))
            .Descendants("PackageVersion")
            .Select(p => p.Attribute("Include")!.Value);
        var lines = File.ReadAllLines(Path.Combine(Repository.Root, "docs", "dependencies.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 4 && cells[2].Length > 0)
            .Select(cells => cells[1])
            .ToHashSet();

        Assert.NotEmpty(packages);
        Assert.DoesNotContain(packages, p => !lines.Contains(p));
    }
}
