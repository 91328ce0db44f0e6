using System.Collections.Specialized;
using System.Management.Automation;
using System.Management.Automation.Language;

namespace PSConvNet.Commands;

/// <summary>
/// A script block of a sweep: the one that makes layers, or a condition. It is kept as text and run in worker processes, so it has to
/// stand by itself. Runs in the caller's runspace.
/// </summary>
internal sealed class SweepScript
{
    private static readonly HashSet<string> s_always = new(
        [
            "_",
            "args",
            "input",
            "null",
            "true",
            "false",
            "this",
            "PSItem",
            "PSVersionTable",
            "PSCulture",
            "PID",
            "Host",
            "ErrorActionPreference",
        ],
        StringComparer.OrdinalIgnoreCase
    );

    private readonly ScriptBlock _block;

    private SweepScript(ScriptBlock block) => _block = block;

    /// <summary>Reads a script block's text.</summary>
    /// <param name="text">What stood between its braces.</param>
    /// <exception cref="ConvNetException"><c>SweepScriptInvalid</c>: it is no PowerShell, or asks for what only its session has.</exception>
    public static SweepScript Of(string text)
    {
        var ast = Parser.ParseInput(text, out _, out var errors);
        if (errors.Length > 0)
            throw Invalid(text, $"it isn't valid PowerShell: {errors[0].Message}");
        if (FreeVariable(ast) is { } variable)
        {
            throw Invalid(
                text,
                $"${variable} is set in your session, not in the script block, and a worker process doesn't have it. Make it a parameter of the space (-Choice @{{ {variable} = … }}), or set it in the script block"
            );
        }
        return new SweepScript(ScriptBlock.Create(text));
    }

    /// <summary>Refuses a script block that reads a parameter which isn't there: mistyped, it would be $null.</summary>
    /// <param name="text">What stood between its braces.</param>
    /// <param name="names">The parameters that it is given.</param>
    /// <param name="are">What these are called, in words that follow the mistyped one.</param>
    /// <exception cref="ConvNetException"><c>SweepScriptInvalid</c>: with the names, the most alike first.</exception>
    public static void RequireKnown(string text, IReadOnlyList<string> names, string are)
    {
        if (ParameterReads.Unknown(text, names) is var (read, name))
        {
            throw Invalid(text, $"it reads {read}, but {are} are {string.Join(", ", AlikeNames.Nearest(names, name))}");
        }
    }

    /// <summary>What judges a condition that is kept as text.</summary>
    /// <exception cref="ConvNetException"><c>SweepScriptInvalid</c>.</exception>
    public static Func<SweepPoint, bool> Condition(string text) => Of(text).Holds;

    /// <summary>The layers for a point.</summary>
    /// <exception cref="ConvNetException"><c>SweepScriptFailed</c>, or what the engine refuses; <c>SweepScriptInvalid</c>: it gave no layers.</exception>
    public IReadOnlyList<LayerSpec> Layers(SweepPoint point)
    {
        var layers = new List<LayerSpec>();
        foreach (
            var item in Run(point).SelectMany(item => LanguagePrimitives.GetEnumerable(item)?.Cast<object>() ?? [item])
        )
        {
            switch (item is PSObject wrapped ? wrapped.BaseObject : item)
            {
                case LayerSpec layer:
                    layers.Add(layer);
                    break;
                case Model:
                    throw Invalid(
                        _block,
                        "it returned a model, and a sweep makes the models itself. Leave out New-Model"
                    );
                case var other:
                    throw Invalid(
                        _block,
                        $"it gave '{other ?? "null"}' ({other?.GetType().Name ?? "nothing"}), which isn't a layer. It must return only layers, such as those of New-ConvLayer"
                    );
            }
        }
        return layers.Count > 0 ? layers : throw Invalid(_block, "it returned no layers");
    }

    /// <summary>Whether a condition holds.</summary>
    /// <exception cref="ConvNetException"><c>SweepScriptFailed</c>.</exception>
    public bool Holds(SweepPoint point) => LanguagePrimitives.IsTrue(Run(point) is [var one] ? one : Run(point));

    private System.Collections.ObjectModel.Collection<PSObject> Run(SweepPoint point)
    {
        // An ordered table, for $p.Filters to work and to go through in the order of the names.
        var parameters = new OrderedDictionary(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in point)
            parameters[name] = value;
        try
        {
            return _block.InvokeWithContext(
                null,
                [new PSVariable("_", parameters), new PSVariable("ErrorActionPreference", ActionPreference.Stop)],
                parameters
            );
        }
        catch (RuntimeException e) when (e is not PipelineStoppedException)
        {
            // What the engine refused keeps its own id and sentence.
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
            {
                if (cause is ConvNetException refused)
                    throw new ConvNetException(refused.ErrorId, refused.Kind, refused.Message, refused.Target, e);
            }
            throw new ConvNetException(
                ErrorIds.SweepScriptFailed,
                ErrorKind.InvalidArgument,
                $"The script block failed for {point}: {e.Message:lines}",
                point,
                e
            );
        }
    }

    /// <summary>A variable that is read and neither a parameter, nor set, nor there in every session.</summary>
    private static string? FreeVariable(Ast ast)
    {
        var known = new HashSet<string>(s_always, StringComparer.OrdinalIgnoreCase);
        foreach (
            var found in ast.FindAll(
                node => node is ParameterAst or AssignmentStatementAst or ForEachStatementAst,
                true
            )
        )
        {
            switch (found)
            {
                case ParameterAst parameter:
                    known.Add(parameter.Name.VariablePath.UserPath);
                    break;
                case AssignmentStatementAst assignment:
                    foreach (var target in assignment.Left.FindAll(node => node is VariableExpressionAst, false))
                        known.Add(((VariableExpressionAst)target).VariablePath.UserPath);
                    break;
                case ForEachStatementAst loop:
                    known.Add(loop.Variable.VariablePath.UserPath);
                    break;
            }
        }
        return ast.FindAll(node => node is VariableExpressionAst, true)
            .Cast<VariableExpressionAst>()
            .Select(variable => variable.VariablePath)
            .Where(path => path.IsVariable)
            .Select(path => path.UserPath)
            .FirstOrDefault(name => !known.Contains(name));
    }

    private static ConvNetException Invalid(object target, string problem) =>
        new(
            ErrorIds.SweepScriptInvalid,
            ErrorKind.InvalidArgument,
            $"The script block can't be swept: {problem:lines}.",
            target
        );
}
