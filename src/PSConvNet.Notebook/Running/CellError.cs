using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Notebook;

/// <summary>What ended a cell, as a frontend shows it.</summary>
/// <param name="Name">The error's id, which scripts catch by.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The line of the cell, from 1; null where it is not known.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Traceback">The lines to show, with colours.</param>
/// <param name="Record">PowerShell's own record; null where the cell ended by <c>exit</c>.</param>
internal sealed record CellError(
    string Name,
    string Message,
    int? Line,
    int? Column,
    IReadOnlyList<string> Traceback,
    ErrorRecord? Record
)
{
    private const string Red = "\x1b[31m";
    private const string Bold = "\x1b[31;1m";
    private const string Cyan = "\x1b[36m";
    private const string Plain = "\x1b[0m";

    /// <summary>From an error that ended a pipeline.</summary>
    public static CellError Of(RuntimeException exception) =>
        (exception as ParseException ?? exception.InnerException) is ParseException { Errors: [var first, ..] } parse
            ? Create(first.ErrorId, first.Message, first.Extent, null, parse.ErrorRecord)
            : Of(exception.ErrorRecord);

    /// <summary>A cell that was interrupted.</summary>
    public static CellError Interrupted { get; } =
        Create("Interrupted", "The cell was interrupted.", (Place?)null, null, null);

    /// <summary>A cell that ended by <c>exit</c> with another code than 0.</summary>
    public static CellError OfExit(int code) =>
        Create(
            "Exit",
            string.Create(CultureInfo.InvariantCulture, $"The cell ended by exit {code}."),
            (Place?)null,
            null,
            null
        );

    private static CellError Of(ErrorRecord record)
    {
        // "ShapeMismatch,PSConvNet.Commands.NewModelCommand": what comes after the comma tells who, and is in the stack too.
        var name = record.FullyQualifiedErrorId.Split(',')[0];
        if (name.Length == 0)
            name = record.Exception.GetType().Name;
        var message = record.ErrorDetails?.Message ?? record.Exception.Message;
        // A text that was thrown is its own id.
        if (record.FullyQualifiedErrorId == message)
            name = record.Exception.GetType().Name;
        var invocation = record.InvocationInfo;
        var place = invocation is { ScriptLineNumber: > 0 }
            ? new Place(
                invocation.ScriptName,
                invocation.ScriptLineNumber,
                invocation.OffsetInLine,
                invocation.Line.TrimEnd('\r', '\n')
            )
            : null;
        return Create(name, message, place, record.ScriptStackTrace, record);
    }

    private static CellError Create(
        string name,
        string message,
        IScriptExtent extent,
        string? stack,
        ErrorRecord record
    )
    {
        var position = extent.StartScriptPosition;
        return Create(
            name,
            message,
            new Place(extent.File, extent.StartLineNumber, extent.StartColumnNumber, position.Line.TrimEnd('\r', '\n')),
            stack,
            record
        );
    }

    private static CellError Create(string name, string message, Place? place, string? stack, ErrorRecord? record)
    {
        var lines = new List<string> { $"{Bold}{name}{Plain}: {Red}{message}{Plain}" };
        if (place is not null)
            lines.AddRange(place.Show());
        // The last call is the runner's own. Where one is left, it is the place that was just shown.
        if (stack is not null && stack.Split('\n') is [.. { Length: > 1 } calls, _])
            lines.AddRange(calls.Select(call => $"{Cyan}{call.TrimEnd('\r')}{Plain}"));
        return new(name, message, place?.Line, place?.Column, lines, record);
    }

    private sealed record Place(string? File, int Line, int Column, string Text)
    {
        public IEnumerable<string> Show()
        {
            var where = string.IsNullOrEmpty(File) ? "line" : $"{File}, line";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{Cyan}At {where} {Line}, column {Column}{Plain}"
            );
            if (Text.Length == 0)
                yield break;
            var number = Line.ToString(CultureInfo.InvariantCulture);
            yield return $"{Cyan}{number} |{Plain} {Text}";
            // Tabs stay tabs, so that the caret stands where they lead to.
            var before = Text[..Math.Clamp(Column - 1, 0, Text.Length)];
            var blanks = string.Concat(before.Select(c => c == '\t' ? '\t' : ' '));
            yield return $"{new string(' ', number.Length)} {Cyan}|{Plain} {blanks}{Red}^{Plain}";
        }
    }
}
