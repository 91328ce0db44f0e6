namespace PSConvNet.Module.Tests.Models;

/// <summary>Export-Model, Import-Model and Get-ModelSummary on files.</summary>
public sealed class ModelFileCommandTests : IClassFixture<DigitsSession>, IDisposable
{
    private readonly PowerShellSession _session;
    private readonly CurrentFolder _folder;

    public ModelFileCommandTests(DigitsSession shared)
    {
        _session = shared.Session;
        _folder = new CurrentFolder(_session);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_trained_model_goes_to_a_file_and_comes_back()
    {
        var result = _session.Run(
            """
            $model = New-Small
            $file = $model | Invoke-Training -Data $data -Epochs 2 -Quiet | Export-Model small.psconvnet
            $read = Import-Model small.psconvnet
            $file.GetType().Name, $file.Name
            $read.Name, $read.TrainedEpochs, $read.ClassNames.Count, $read.Runs.Count, $read.Runs[0].History.Count
            (Measure-Model $model $data).Loss -eq (Measure-Model $read $data).Loss
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["FileInfo", "small.psconvnet", "small", 2.0, 10, 1, 2, true],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void A_folder_takes_a_file_a_model_and_wildcards_read_them()
    {
        var result = _session.Run(
            """
            [IO.Directory]::CreateDirectory([IO.Path]::Combine($PWD.ProviderPath, 'models')) > $null
            $files = (New-Small first), (New-Small 'sec/ond') | Export-Model models
            $files.Name
            (Import-Model models/*.psconvnet).Name
            ([IO.DirectoryInfo]::new([IO.Path]::Combine($PWD.ProviderPath, 'models')).GetFiles('f*') | ForEach-Object { $_ } | Import-Model).Name
            (Get-ModelSummary models/*.psconvnet).Name
            'models/first.psconvnet' | Import-Model | ForEach-Object Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["first.psconvnet", "sec_ond.psconvnet", "first", "sec/ond", "first", "first", "sec/ond", "first"],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void The_extension_or_the_format_decides_what_is_written()
    {
        var result = _session.Run(
            """
            $model = New-Small
            $files = ($model | Export-Model a.onnx), ($model | Export-Model b -Format Onnx), ($model | Export-Model c.safetensors),
                ($model | Export-Model d -Format Safetensors), ($model | Export-Model e.psconvnet)
            $files | ForEach-Object Length
            """
        );

        Assert.Empty(result.Errors);
        var lengths = result.Output.Select(o => (long)o.BaseObject).ToList();
        Assert.Equal(lengths[0], lengths[1]);
        Assert.Equal(lengths[2], lengths[3]);
        Assert.Equal(3, lengths.Distinct().Count());
    }

    [Fact]
    public void Nothing_is_replaced_without_Force_and_nothing_written_with_WhatIf()
    {
        _session.Run("New-Small first | Export-Model a.psconvnet");

        var error = _session.RunForError("New-Small second | Export-Model a.psconvnet");
        var whatIf = _session.Run(
            "New-Small second | Export-Model b.psconvnet -WhatIf; [IO.File]::Exists([IO.Path]::Combine($PWD.ProviderPath, 'b.psconvnet'))"
        );
        var forced = _session.Run(
            "New-Small second | Export-Model a.psconvnet -Force > $null; (Import-Model a.psconvnet).Name"
        );

        Assert.StartsWith("FileExists", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal([false], whatIf.Output.Select(o => o.BaseObject));
        Assert.Equal(["second"], forced.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void The_model_may_come_first_and_a_script_block_names_a_file_for_each()
    {
        var result = _session.Run(
            """
            $files = (New-Small first), (New-Small second) | Export-Model -Path { "$($_.Name)-net.psconvnet" }
            $files.Name
            (Export-Model (New-Small third) third.psconvnet).Name
            (Export-Model -Model (New-Small fourth) -Path fourth.psconvnet).Name
            (New-Small fifth | Export-Model -Path fifth.psconvnet).Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(
            ["first-net.psconvnet", "second-net.psconvnet", "third.psconvnet", "fourth.psconvnet", "fifth.psconvnet"],
            result.Output.Select(o => o.BaseObject)
        );
    }

    [Fact]
    public void Two_models_for_one_file_are_refused_even_with_Force_and_the_first_is_kept()
    {
        var error = _session.RunForError("(New-Small first), (New-Small second) | Export-Model one.psconvnet -Force");
        var kept = _session.Run("(Import-Model one.psconvnet).Name");

        Assert.StartsWith("FileExists", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("for another model", error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["first"], kept.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("a.onnx", "Safetensors")]
    [InlineData("a.psconvnet", "Onnx")]
    [InlineData("a.SAFETENSORS", "Model")]
    public void A_format_that_the_ending_contradicts_is_refused(string path, string format)
    {
        var error = _session.RunForError($"New-Small | Export-Model {path} -Format {format}");

        Assert.StartsWith("ModelFormatContradicted", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Theory]
    [InlineData("a.pt", "ModelFormatUnknown")]
    [InlineData("a.txt", "ModelFormatUnknown")]
    [InlineData("a", "ModelFormatUnknown")]
    [InlineData("c*.svg", "PathInvalid")]
    [InlineData("c?.psconvnet", "PathInvalid")]
    public void An_ending_that_says_nothing_and_a_pattern_are_refused(string path, string id)
    {
        var error = _session.RunForError($"New-Small | Export-Model '{path}'");

        Assert.StartsWith(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains(path, error.Exception.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void Backslashes_lead_where_PowerShells_own_commands_go()
    {
        if (OperatingSystem.IsWindows())
            return;
        var result = _session.Run(
            """
            $path = '\\' + $PWD.ProviderPath.TrimStart('/').Replace('/', '\') + '\net.psconvnet'
            (New-Small | Export-Model $path).FullName -eq "$($PWD.ProviderPath)/net.psconvnet"
            (Import-Model -LiteralPath $path).Name
            (Get-ModelSummary -LiteralPath $path).Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, "small", "small"], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void What_reads_takes_names_as_they_are_and_items_of_providers()
    {
        var result = _session.Run(
            """
            New-Small 'a' | Export-Model 'net[1].psconvnet' > $null
            $item = [pscustomobject]@{ PSPath = "Microsoft.PowerShell.Core\FileSystem::$($PWD.ProviderPath)/net[1].psconvnet" }
            (Get-ModelSummary -LiteralPath 'net[1].psconvnet').Name
            ($item | Get-ModelSummary).Name
            ($item | Import-Model).Name
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal(["a", "a", "a"], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Force_keeps_a_link()
    {
        if (OperatingSystem.IsWindows())
            return;
        _session.Run("New-Small first | Export-Model target.psconvnet");
        var link = Path.Combine(_folder.Path, "link.psconvnet");
        File.CreateSymbolicLink(link, "target.psconvnet");

        var result = _session.Run(
            "New-Small second | Export-Model link.psconvnet -Force > $null; (Import-Model target.psconvnet).Name"
        );

        Assert.Equal(["second"], result.Output.Select(o => o.BaseObject));
        Assert.Equal("target.psconvnet", new FileInfo(link).LinkTarget);
    }

    [Fact]
    public void A_training_that_is_only_asked_about_trains_nothing_and_deletes_nothing()
    {
        var result = _session.Run(
            """
            $model = New-Small
            $model | Invoke-Training -Data $data -Epochs 1 -Quiet -CheckpointPath ck -WhatIf
            $model.TrainedEpochs
            $model | Invoke-Training -Data $data -Epochs 1 -Quiet -CheckpointPath ck > $null
            $before = [IO.Directory]::GetFiles("$($PWD.ProviderPath)/ck").Count
            $model | Invoke-Training -Data $data -Epochs 1 -Quiet -CheckpointPath ck -Force -WhatIf
            Resume-Training ck -Data $data -WhatIf
            [IO.Directory]::GetFiles("$($PWD.ProviderPath)/ck").Count -eq $before
            $model.TrainedEpochs
            $folder = [pscustomobject]@{ PSPath = "Microsoft.PowerShell.Core\FileSystem::$($PWD.ProviderPath)/ck" }
            ($folder | Resume-Training -Data $data -Quiet).History.Count
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([0.0, true, 1.0, 1], result.Output.Select(o => o.BaseObject));
    }

    [Fact]
    public void Weights_go_to_a_network_of_other_names()
    {
        var result = _session.Run(
            """
            $source = New-Small
            $source | Export-Model w.safetensors > $null
            $same = New-Small -Seed 2 | Import-Model -Weights w.safetensors
            $other = New-FlattenLayer | New-DenseLayer 16 -Activation ReLU -Name hidden |
                New-DenseLayer 10 -Activation Softmax -Name last | New-Model 28,28,1 |
                Import-Model -Weights w.safetensors -Match Order
            ($source.GetParameter('dense_2.kernel') -join ' ') -eq ($same.GetParameter('dense_2.kernel') -join ' ')
            (Measure-Model $source $data).Loss -eq (Measure-Model $other $data).Loss
            """
        );

        Assert.Empty(result.Errors);
        Assert.Equal([true, true], result.Output.Select(o => o.BaseObject));
    }

    [Theory]
    [InlineData("Import-Model none.psconvnet", "PathNotFound")]
    [InlineData("Import-Model none*.psconvnet", "PathNotFound")]
    [InlineData("Import-Model -LiteralPath none.psconvnet", "ModelFileNotFound")]
    [InlineData("Import-Model nodrive:x", "PathNotFound")]
    [InlineData("Import-Model '[odd'", "PathNotFound")]
    [InlineData("Import-Model -LiteralPath \"a`0b\"", "PathNotFound")]
    [InlineData("New-Small | Export-Model \"a`0b\"", "PathNotFound")]
    [InlineData("Import-Model function:prompt", "PathNotOfFileSystem")]
    [InlineData("New-Small | Export-Model nodrive:x", "PathNotFound")]
    [InlineData("New-Small | Export-Model variable:x", "PathNotOfFileSystem")]
    [InlineData("New-Small | Export-Model no/such/folder/x.psconvnet", "FileNotWritten")]
    [InlineData("[IO.File]::WriteAllText((Join-Path2 'junk'), 'junk'); Import-Model junk", "ModelFileInvalid")]
    [InlineData("[IO.File]::WriteAllText((Join-Path2 'junk'), 'junk'); Get-ModelSummary junk", "ModelFileInvalid")]
    [InlineData(
        "[IO.File]::WriteAllText((Join-Path2 'junk'), 'junk'); New-Small | Import-Model -Weights junk",
        "ModelFileInvalid"
    )]
    [InlineData(
        "New-Small | Export-Model w.safetensors; New-Small -Units 3 | Import-Model -Weights w.safetensors",
        "WeightsMismatch"
    )]
    [InlineData("New-Small | Import-Model -Weights none.safetensors", "ModelFileNotFound")]
    [InlineData("New-Small | Export-Model x -Format Picture", "ParameterArgumentTransformationError")]
    public void Errors_have_ids(string script, string id)
    {
        _session.Run("function Join-Path2($name) { [IO.Path]::Combine($PWD.ProviderPath, $name) }");

        var error = _session.RunForError(script);

        Assert.Contains(id, error.FullyQualifiedErrorId, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bad_file_does_not_keep_the_next_from_being_read()
    {
        var result = _session.Run(
            """
            New-Small good | Export-Model b.psconvnet > $null
            [IO.File]::WriteAllText([IO.Path]::Combine($PWD.ProviderPath, 'a.psconvnet'), 'junk')
            (Import-Model *.psconvnet).Name
            """
        );

        Assert.Equal(["good"], result.Output.Select(o => o.BaseObject));
        Assert.StartsWith(
            "ModelFileInvalid",
            Assert.Single(result.Errors).FullyQualifiedErrorId,
            StringComparison.Ordinal
        );
    }
}
