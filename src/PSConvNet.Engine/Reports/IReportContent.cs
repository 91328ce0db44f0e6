using System.Xml.Linq;

namespace PSConvNet.Reports;

/// <summary>What a page is about.</summary>
internal interface IReportContent
{
    /// <summary>The page's title.</summary>
    string Title { get; }

    /// <summary>The sentence that sums it up.</summary>
    string Verdict { get; }

    /// <summary>The parts of the page, in their order; each is written when it is asked for.</summary>
    IEnumerable<Func<XElement>> Sections(ReportMarkup markup);
}
