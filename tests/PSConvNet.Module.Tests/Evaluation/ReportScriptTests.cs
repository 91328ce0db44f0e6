using System.Management.Automation;
using System.Xml.Linq;
using PSConvNet.Module.Tests.Shell;

namespace PSConvNet.Module.Tests.Evaluation;

/// <summary>The commands at a report's end, run: they must make what the report was made of.</summary>
public sealed class ReportScriptTests : IDisposable
{
    private static readonly XNamespace s_xhtml = "http://www.w3.org/1999/xhtml";

    private readonly PowerShellSession _session = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _session.Dispose();
        _folder.Dispose();
    }

    [Theory]
    // Every setting of every layer.
    [InlineData(
        """
            $data = Import-Mnist Synthetic -First 60 | Expand-Dimension
            $model = New-ConvLayer 8 -KernelSize 5,3 -Stride 2,1 -Padding 1 -Dilation 1,2 -NoBias -Initializer HeNormal -L2 1e-4 -Name 'erste Schicht' |
                New-BatchNormLayer -Momentum 0.9 -Epsilon 1e-5 | New-ActivationLayer LeakyReLU -Alpha 0.01 |
                New-ConvLayer 8 -Groups 4 -Activation ELU |
                New-LayerNormLayer -Epsilon 1e-4 | New-SeparableConvLayer 8 -KernelSize 2 -Padding Same -DepthMultiplier 2 -NoBias -Initializer HeUniform | New-MaxPoolLayer 3,2 -Stride 2 -Padding Same | New-AveragePoolLayer 2 -Stride 1 |
                New-ResidualBlock { New-ConvLayer 12 -Padding Same -Activation SiLU | New-ResidualBlock { New-ConvLayer 12 -Padding Same } -Name inner } -Activation GELU |
                New-DropoutLayer 0.1 | New-GlobalPoolLayer Maximum |
                New-DenseLayer 12 -NoBias -Activation Tanh -Initializer LeCunUniform -L2 0.001 | New-DenseLayer 10 -Activation Softmax |
                New-Model 28,28,1 -Name "it's `$x `"q`"" -Seed 7
            $null = $model | Invoke-Training -Data $data -Epochs 1 -BatchSize 20 -Quiet
            """
    )]
    // Every setting of a training that is not the usual one; trained twice.
    [InlineData(
        """
            $data = Import-Mnist Synthetic -First 90 -Seed 5
            $model = New-FlattenLayer | New-DenseLayer 8 -Activation ReLU | New-DropoutLayer 0.2 | New-DenseLayer 10 -Activation Softmax | New-Model 28,28
            $null = $model | Invoke-Training -Data $data -Epochs 1.5 -BatchSize 16 -Optimizer (New-Optimizer RMSprop -LearningRate 0.003 -Momentum 0.5 -Centered -WeightDecay 1e-5) -Schedule (New-LearningRateSchedule ReduceOnPlateau -Factor 0.2 -Patience 0 -Cooldown 1) -Loss MeanSquaredError -ClassWeight Balanced -ValidationSplit 0.15 -EarlyStopping -Patience 2 -RestoreBest -Seed 99 -Precision Float32 -Threads 1 -Quiet
            $null = $model | Invoke-Training -Data $data -Epochs 2 -BatchSize 32 -Optimizer (New-Optimizer SGD -Momentum 0.9 -Nesterov) -Schedule Cosine -LabelSmoothing 0.05 -ClassWeight @{ 3 = 2; 9 = 0.25 } -AverageDecay 0.9 -Augmentation (New-Augmentation -Shift 1.5 -Rotate 5 -Scale 0.9,1.2 -Shear 3 -Elastic 20 -ElasticSigma 5 -Noise 2 -Erase 0.3 -EraseArea 0.05,0.2 -Fill Edge) -Quiet
            """
    )]
    // A recipe's choices, with one of the user's own; of a part that was held out from.
    [InlineData(
        """
            $data, $rest = Import-Mnist Synthetic -First 200 | Split-Dataset -Fraction 0.25 -Seed 3
            $data = $data | Expand-Dimension
            $model = New-Model -Preset FastConv -Name fast
            $null = $model | Invoke-Training -Data $data -Recipe Fast -Epochs 1 -LabelSmoothing 0 -BatchSize 50 -Augmentation (New-Augmentation) -Quiet
            """
    )]
    [InlineData(
        """
            $data = Import-Mnist Synthetic -First 100 | Expand-Dimension
            $model = New-Model -Preset DeepConv -Seed -3
            $null = $model | Invoke-Training -Data $data -Epochs 1 -Optimizer Adadelta -Schedule (New-LearningRateSchedule OneCycle -PeakFactor 2) -BatchSize 50 -Quiet
            """
    )]
    public void Give_the_same_layers_options_and_weights_bit_for_bit(string script)
    {
        _session.Run("$ProgressPreference = 'SilentlyContinue'");
        Assert.Empty(_session.Run(script).Errors);
        var original = _session.Run("$model").Output.Single().BaseObject;
        var commands = Commands("$model", "-Data $data");

        using var fresh = Fresh();
        var result = fresh.Run(commands);

        Assert.Empty(result.Errors);
        Assert.Empty(result.Warnings);
        RequireEqual(original, fresh);
        // And the last of them writes the report.
        Assert.True(File.Exists(Path.Combine(_folder.Path, "again", "report.html")));
    }

    [Fact]
    public void Call_models_and_layers_by_their_names_whatever_these_hold()
    {
        string[] names =
        [
            "plain",
            "true",
            "1e5",
            "-Seed",
            "two words",
            "it's",
            "‘typographic’ ‚quotes‛ “and” „these”",
            "$(throw 'no') `n \"x\" @{ } ; | & #",
            "new\nline\r\ttab\0null\e[31m",
            "right \u202Eto left\u2066 zero\u200Bwidth\u00A0space",
            "half \uD800 a pair \uDC00",
            "emoji 👩‍👩‍👧 日本語",
            "</code></pre><script>alert(1)</script>",
        ];
        _session.Runspace.SessionStateProxy.SetVariable("names", names);
        var made = _session.Run(
            "$models = foreach ($name in $names) { New-FlattenLayer -Name $name | New-DenseLayer 2 | New-Model 2,2 -Name $name }"
        );
        Assert.Empty(made.Errors);
        var commands = Commands("$models", "");

        using var fresh = Fresh();
        Assert.Empty(fresh.Run(commands).Errors);

        var again = fresh.Run(
            $"foreach ($i in 1..{names.Length}) {{ ($ExecutionContext.SessionState.PSVariable.GetValue(\"model$i\")).Name }}"
        );
        var layers = fresh.Run(
            $"foreach ($i in 1..{names.Length}) {{ ($ExecutionContext.SessionState.PSVariable.GetValue(\"model$i\")).Layers[0].Name }}"
        );
        // What a terminal would obey is a sign in a name, from the first on.
        string[] shown =
        [
            .. names.Select(name =>
                name.StartsWith("new", StringComparison.Ordinal) ? "new␊line␍␉tab␀null␛[31m"
                : name.StartsWith("right", StringComparison.Ordinal)
                    ? "right \uFFFDto left\uFFFD zero\uFFFDwidth\u00A0space"
                : name.StartsWith("half", StringComparison.Ordinal) ? "half \uFFFD a pair \uFFFD"
                : name
            ),
        ];
        Assert.Equal(shown, again.Output.Select(name => name.BaseObject));
        Assert.Equal(shown, layers.Output.Select(name => name.BaseObject));
    }

    [Fact]
    public void Read_a_folder_of_pictures_again()
    {
        for (var i = 0; i < 15; i++)
            foreach (var (name, level) in new[] { ("dark's", 3 * i), ("light", 255 - 3 * i) })
            {
                var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, "pictures [1]", name)).FullName;
                byte[] header = [66, 77, 30, 0, 0, 0, 0, 0, 0, 0, 26, 0, 0, 0, 12, 0, 0, 0, 1, 0, 1, 0, 1, 0, 24, 0];
                File.WriteAllBytes(
                    Path.Combine(folder, $"{i}.bmp"),
                    [.. header, .. Enumerable.Repeat((byte)level, 3), 0]
                );
            }
        _session.Run(
            $"""
            $data = Import-ImageFolder -LiteralPath '{_folder.Path}/pictures [1]' -Size 6,4 -Color -TestSplit 0.3 -Seed 4
            $model = New-FlattenLayer | New-DenseLayer 2 -Activation Softmax | New-Model 6,4,3
            $null = $model | Invoke-Training -Data $data -Epochs 2 -Quiet
            """
        );
        var original = _session.Run("$model").Output.Single().BaseObject;
        var commands = Commands("$model", "-Data $data");

        using var fresh = Fresh();
        Assert.Empty(fresh.Run(commands).Errors);

        RequireEqual(original, fresh);
    }

    [Fact]
    public void Stop_where_nobody_knows_how_the_data_came_about_and_go_on_with_the_users()
    {
        _session.Run(
            """
            $digits = Import-Mnist Synthetic -First 50 | Expand-Dimension
            $data = [PSConvNet.Data.Dataset]::new("mine`nthrow 'x'", $digits.Train, $digits.Test, $digits.ClassNames, 'my script')
            $model = New-FlattenLayer | New-DenseLayer 10 -Activation Softmax | New-Model 28,28,1
            $null = $model | Invoke-Training -Data $data -Epochs 1 -Quiet
            """
        );
        var data = _session.Run("$data").Output.Single().BaseObject;
        var commands = Commands("$model", "-Data $data");

        using var fresh = Fresh();
        var error = fresh.RunForError(commands);
        fresh.Runspace.SessionStateProxy.SetVariable("data", data);
        var result = fresh.Run(commands);

        Assert.StartsWith("Put the data set mine", error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(result.Errors);
        Assert.IsType<FileInfo>(Assert.Single(result.Output).BaseObject);
    }

    /// <summary>The commands of the report that is written of some models.</summary>
    private string Commands(string models, string arguments)
    {
        var path = Path.Combine(_folder.Path, "report.html");
        var result = _session.Run($"{models} | New-ModelReport -Path '{path}' -Force {arguments}");
        Assert.Empty(result.Errors);
        return XDocument.Load(path, LoadOptions.PreserveWhitespace).Descendants(s_xhtml + "pre").Single().Value;
    }

    /// <summary>The session's model is the original in all that it is made of: layers, weights, trainings and their options.</summary>
    private static void RequireEqual(object original, PowerShellSession session)
    {
        session.Runspace.SessionStateProxy.SetVariable("original", original);
        var differences = session.Run(
            """
            foreach ($what in 'Name', 'Seed', 'InputShape', 'ParameterCount', 'TrainedEpochs') {
                if (-not [object]::Equals($original.$what, $model.$what)) { "${what}: $($original.$what), $($model.$what)" }
            }
            if ($original.Layers.Length -ne $model.Layers.Length) { 'number of layers' }
            for ($i = 0; $i -lt $original.Layers.Length; $i++) {
                if (-not $original.Layers[$i].Equals($model.Layers[$i])) { "layer $($i): $($original.Layers[$i]), $($model.Layers[$i])" }
            }
            foreach ($name in $original.ParameterNames) {
                if (-not [Linq.Enumerable]::SequenceEqual($original.GetParameter($name), $model.GetParameter($name))) { "weights $name" }
            }
            if ($original.Runs.Count -ne $model.Runs.Count) { "trainings: $($original.Runs.Count), $($model.Runs.Count)" }
            for ($i = 0; $i -lt $original.Runs.Count; $i++) {
                $a, $b = $original.Runs[$i], $model.Runs[$i]
                foreach ($property in $a.Options.GetType().GetProperties()) {
                    # Arithmetic and threads are pinned to those that were used.
                    $was = if ($property.Name -in 'Precision', 'Threads') { $a.($property.Name) } else { $property.GetValue($a.Options) }
                    $is = $property.GetValue($b.Options)
                    if (-not [object]::Equals($was, $is)) { "training $i, $($property.Name): $was, $is" }
                }
            }
            'compared'
            """
        );
        Assert.Empty(differences.Errors);
        Assert.Equal(["compared"], differences.Output.Select(line => line.ToString()));
    }

    /// <summary>A session that knows nothing of the first one, in a folder of its own.</summary>
    private PowerShellSession Fresh()
    {
        var session = new PowerShellSession();
        session.Run("$ProgressPreference = 'SilentlyContinue'");
        session.Runspace.SessionStateProxy.Path.SetLocation(
            Directory.CreateDirectory(Path.Combine(_folder.Path, "again")).FullName
        );
        return session;
    }
}
