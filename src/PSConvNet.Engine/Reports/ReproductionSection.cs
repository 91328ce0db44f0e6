using System.Xml.Linq;
using static PSConvNet.Reports.ReportMarkup;

namespace PSConvNet.Reports;

/// <summary>The commands that do it all again.</summary>
internal static class ReproductionSection
{
    /// <summary>The section.</summary>
    public static XElement Write(IReadOnlyList<ReportSubject> subjects, Dataset? data, ModelReportOptions options) =>
        Section(
            "reproduce",
            "How to reproduce it",
            2,
            Paragraph(
                "These commands get the data, build the network, train it and write this report again, in PowerShell 7.4 or later with the module PSConvNet imported. With the same version, kind of processor and number of threads the weights come out the same, bit for bit; elsewhere, nearly so."
            ),
            Tag("pre", Tag("code", ReproductionScript.Write(subjects, data, options)))
        );
}
