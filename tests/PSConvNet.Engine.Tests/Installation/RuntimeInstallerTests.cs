using PSConvNet.Tests.Runtime;

namespace PSConvNet.Tests.Installation;

// The cache is named by a variable of the process.
[Collection(nameof(RuntimeInstallerTests))]
[CollectionDefinition(nameof(RuntimeInstallerTests), DisableParallelization = true)]
public sealed class RuntimeInstallerTests : IDisposable
{
    private const string Cache = "XDG_CACHE_HOME";
    private const string Packages = "NUGET_PACKAGES";

    private static readonly LibTorchRelease s_release = LibTorchRelease.For("linux-x64", "9.8.7")!;
    private static readonly byte[] s_large = Enumerable.Range(0, 500_000).Select(i => (byte)(i * 7 % 251)).ToArray();

    private readonly TemporaryFolder _folder = new();
    private readonly string?[] _before =
    [
        Environment.GetEnvironmentVariable(Cache),
        Environment.GetEnvironmentVariable(Packages),
    ];
    private readonly List<string> _words = [];

    public RuntimeInstallerTests()
    {
        Environment.SetEnvironmentVariable(Cache, _folder.File("cache"));
        Environment.SetEnvironmentVariable(Packages, _folder.File("packages"));
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Cache, _before[0]);
        Environment.SetEnvironmentVariable(Packages, _before[1]);
        _folder.Dispose();
    }

    [SkippableFact]
    public async Task The_libraries_of_this_system_are_laid_into_a_folder_and_the_others_are_not()
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        Sources(feed);

        var installed = await Install();

        Assert.Equal(
            ["installed.json", "libc10.so", "libtorch.so", "libtorch_cpu.so"],
            Directory.GetFiles(installed.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal)
        );
        Assert.Equal(s_large, File.ReadAllBytes(Path.Combine(installed.Folder, "libtorch_cpu.so")));
        Assert.Equal(
            ("9.8.7", "linux-x64", s_large.Length + 6L),
            (installed.Version, installed.RuntimeIdentifier, installed.Size)
        );
        Assert.Equal(installed, Installer().Find());
        OnlyTheInstallationIsLeft();
    }

    [SkippableFact]
    public async Task A_download_that_was_cut_goes_on_where_it_ended()
    {
        SkipOnWindows();
        using var feed = new Feed(Package()) { HangUpAfter = 300_000 };
        Sources(feed);

        var error = await Assert.ThrowsAsync<ConvNetException>(Install);
        Assert.Equal("RuntimePackageNotFound", error.ErrorId);
        Assert.Null(Installer().Find());
        var installed = await Install();

        Assert.Equal("", feed.Ranges[0]);
        Assert.Matches("^bytes=[1-9][0-9]*-$", feed.Ranges[^1]);
        Assert.Equal(s_large, File.ReadAllBytes(Path.Combine(installed.Folder, "libtorch_cpu.so")));
        OnlyTheInstallationIsLeft();
    }

    [SkippableFact]
    public async Task A_beginning_of_another_file_is_fetched_anew()
    {
        SkipOnWindows();
        using var feed = new Feed(Package()) { HangUpAfter = 300_000 };
        Sources(feed);
        await Assert.ThrowsAsync<ConvNetException>(Install);
        var part = Directory.GetFiles(LibTorchRelease.Root).Single();
        var bytes = File.ReadAllBytes(part);
        bytes.AsSpan(100).Fill(0xAA);
        File.WriteAllBytes(part, bytes);

        var installed = await Install();

        Assert.Equal(s_large, File.ReadAllBytes(Path.Combine(installed.Folder, "libtorch_cpu.so")));
    }

    [SkippableFact]
    public async Task A_source_that_has_none_or_a_damaged_one_is_passed_over()
    {
        SkipOnWindows();
        using var without = new Feed(null);
        using var damaged = new Feed(Package()[..1000]);
        using var other = new Feed(Feed.Pack("something-else", "9.8.7"));
        using var good = new Feed(Package());
        Sources(without, damaged, other, good);

        var installed = await Install();

        Assert.StartsWith(good.Address, installed.Source, StringComparison.Ordinal);
        Assert.Contains(_words, word => word.Contains("doesn't have the package", StringComparison.Ordinal));
        Assert.Contains(_words, word => word.Contains("isn't a complete package", StringComparison.Ordinal));
        Assert.Contains(_words, word => word.Contains("something-else", StringComparison.Ordinal));
    }

    [SkippableTheory]
    [InlineData("libtorch_cpu.so")]
    [InlineData("libc10.so")]
    public async Task A_package_without_one_of_the_libraries_is_refused_and_leaves_nothing(string missing)
    {
        SkipOnWindows();
        using var feed = new Feed(Package(except: missing));
        Sources(feed);

        var error = await Assert.ThrowsAsync<ConvNetException>(Install);

        Assert.Equal("RuntimePackageInvalid", error.ErrorId);
        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(s_release.Folder));
        Assert.Empty(Directory.GetDirectories(LibTorchRelease.Root));
    }

    [SkippableFact]
    public async Task A_library_with_one_changed_bit_is_refused()
    {
        SkipOnWindows();
        var package = Package();
        // Stored without compression: within the large library.
        package[package.Length / 2] ^= 1;
        using var feed = new Feed(package);
        Sources(feed);

        var error = await Assert.ThrowsAsync<ConvNetException>(Install);

        Assert.Equal("RuntimePackageInvalid", error.ErrorId);
        Assert.Contains("libtorch_cpu.so is damaged", error.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_folder_of_packages_will_do_and_a_folder_without_it_is_named()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder.File("offline"));
        var error = await Assert.ThrowsAsync<ConvNetException>(() => Install(_folder.File("offline")));
        Assert.Equal("RuntimePackageNotFound", error.ErrorId);
        Assert.Contains(
            $"{_folder.File("offline")} has no package; it should have libtorch-cpu-linux-x64.9.8.7.nupkg",
            error.Message,
            StringComparison.Ordinal
        );

        File.WriteAllBytes(_folder.File("offline/libtorch-cpu-linux-x64.9.8.7.nupkg"), Package());
        var installed = await Install(_folder.File("offline"));

        Assert.Equal(_folder.File("offline"), installed.Source);
        OnlyTheInstallationIsLeft();
    }

    [SkippableFact]
    public async Task A_file_that_has_another_size_than_it_was_installed_with_makes_it_no_installation()
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        Sources(feed);
        var installed = await Install();
        using (var file = File.OpenWrite(Path.Combine(installed.Folder, "libtorch_cpu.so")))
            file.SetLength(10);

        Assert.Null(Installer().Find());
        await Install();

        Assert.NotNull(Installer().Find());
        OnlyTheInstallationIsLeft();
    }

    [SkippableFact]
    public async Task The_password_in_the_address_of_a_source_is_not_told()
    {
        SkipOnWindows();
        using var feed = new Feed(null);
        File.WriteAllText(
            _folder.File("nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"a\" value=\"{feed.Index.Replace("//", "//ada:SECRET@", StringComparison.Ordinal)}\" allowInsecureConnections=\"true\" /></packageSources></configuration>"
        );

        var error = await Assert.ThrowsAsync<ConvNetException>(Install);

        Assert.DoesNotContain("SECRET", error.Message + string.Concat(_words), StringComparison.Ordinal);
    }

    [SkippableTheory]
    [InlineData("ftp://ada:SECRET@127.0.0.1/x")]
    [InlineData("ada:SECRET@127.0.0.1/x")]
    [InlineData("http://ada:SECRET@:99999/x")]
    public async Task A_source_that_is_no_address_is_passed_over_and_its_password_not_told(string address)
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        File.WriteAllText(
            _folder.File("nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"a\" value=\"{address}\" /><add key=\"b\" value=\"{feed.Index}\" allowInsecureConnections=\"true\" /></packageSources></configuration>"
        );

        var installed = await Install();

        Assert.StartsWith(feed.Address, installed.Source, StringComparison.Ordinal);
        Assert.DoesNotContain("SECRET", string.Concat(_words), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_package_that_is_not_the_published_one_to_the_last_bit_is_refused()
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        Sources(feed);
        var installer = new RuntimeInstaller(
            s_release with
            {
                Sha512 = new string('A', 86) + "==",
            },
            _folder.Path,
            _words.Add
        );

        var error = await Assert.ThrowsAsync<ConvNetException>(() =>
            installer.InstallAsync(null, new Progress<InstallProgress>(), CancellationToken.None)
        );

        Assert.Equal("RuntimePackageNotFound", error.ErrorId);
        Assert.Contains("SHA-512", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(LibTorchRelease.Root));
    }

    [SkippableFact]
    public async Task A_truncated_package_in_a_folder_is_one_typed_error()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder.File("offline"));
        File.WriteAllBytes(_folder.File("offline/libtorch-cpu-linux-x64.9.8.7.nupkg"), Package()[..1000]);

        var error = await Assert.ThrowsAsync<ConvNetException>(() => Install(_folder.File("offline")));

        Assert.Equal("RuntimePackageNotFound", error.ErrorId);
    }

    [SkippableTheory]
    [InlineData("libtorch-cpu-linux-x64.9.8.7.nupkg")]
    [InlineData("renamed.nupkg")]
    [InlineData("offline/libtorch-cpu-linux-x64/9.8.7/libtorch-cpu-linux-x64.9.8.7.nupkg")]
    public async Task The_package_itself_and_a_folder_as_NuGet_lays_it_out_will_do(string name)
    {
        SkipOnWindows();
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.File(name))!);
        File.WriteAllBytes(_folder.File(name), Package());
        var given = name.StartsWith("offline", StringComparison.Ordinal) ? _folder.File("offline") : _folder.File(name);

        Assert.Equal($"from {_folder.File(name)}", Installer().Origin(given));
        var installed = await Install(given);

        Assert.Equal(given, installed.Source);
        Assert.Equal(s_large, File.ReadAllBytes(Path.Combine(installed.Folder, "libtorch_cpu.so")));
        OnlyTheInstallationIsLeft();
    }

    [SkippableFact]
    public async Task What_was_looked_for_and_what_is_there_instead_is_named()
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder.File("offline"));
        File.WriteAllText(_folder.File("offline/libtorch-cpu-win-x64.9.8.7.nupkg"), "");
        File.WriteAllText(_folder.File("offline/libtorch-cpu-linux-x64.9.8.6.nupkg"), "");
        File.WriteAllText(_folder.File("libtorch.zip"), "PK");

        var others = await Assert.ThrowsAsync<ConvNetException>(() => Install(_folder.File("offline")));
        var file = await Assert.ThrowsAsync<ConvNetException>(() => Install(_folder.File("libtorch.zip")));
        var nothing = await Assert.ThrowsAsync<ConvNetException>(() => Install(_folder.File("nothing")));

        Assert.Contains(
            "has no libtorch-cpu-linux-x64.9.8.7.nupkg, only libtorch-cpu-linux-x64.9.8.6.nupkg, libtorch-cpu-win-x64.9.8.7.nupkg",
            others.Message,
            StringComparison.Ordinal
        );
        Assert.Contains("libtorch.zip is no package; it should be", file.Message, StringComparison.Ordinal);
        Assert.Contains($"there is no {_folder.File("nothing")}", nothing.Message, StringComparison.Ordinal);
        Assert.All(
            [others, file, nothing],
            error => Assert.Equal(("RuntimePackageNotFound", ErrorKind.NotFound), (error.ErrorId, error.Kind))
        );
    }

    [SkippableTheory]
    [InlineData("other.nupkg", true)]
    [InlineData("libtorch-cpu-linux-x64.9.8.7.nupkg", true)]
    [InlineData("libtorch-cpu-linux-x64.9.8.7.nupkg", false)]
    public async Task A_pipe_among_packages_is_not_opened(string name, bool isGiven)
    {
        SkipOnWindows();
        Directory.CreateDirectory(_folder.File("offline"));
        using (var process = System.Diagnostics.Process.Start("mkfifo", _folder.File("offline/" + name)))
            await process.WaitForExitAsync();
        File.WriteAllText(
            _folder.File("nuget.config"),
            $"<configuration><packageSources><clear /><add key=\"a\" value=\"{_folder.File("offline")}\" /></packageSources></configuration>"
        );

        // On a thread of its own: whoever opened the pipe would wait for somebody to write to it.
        var install = Task.Run(() => Install(isGiven ? _folder.File("offline") : null));
        var error = await Assert.ThrowsAsync<ConvNetException>(() => install.WaitAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal("RuntimePackageNotFound", error.ErrorId);
        Assert.Contains(
            name == "other.nupkg" ? "only other.nupkg" : $"{name} can't be read: it is a pipe or a device",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [SkippableFact]
    public async Task Too_little_space_is_an_error_before_anything_is_asked_for()
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        Sources(feed);
        var installer = new RuntimeInstaller(s_release, _folder.Path, _words.Add) { FreeSpace = _ => 500_000_000 };

        var error = await Assert.ThrowsAsync<ConvNetException>(() =>
            installer.InstallAsync(null, new Progress<InstallProgress>(), CancellationToken.None)
        );

        Assert.Equal("DiskFull", error.ErrorId);
        Assert.Contains("needs 591 MB", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 500 MB free", error.Message, StringComparison.Ordinal);
        Assert.Empty(feed.Ranges);
        Assert.Empty(Directory.GetFileSystemEntries(LibTorchRelease.Root));
        // What is on this machine needn't be downloaded: 463 MB will do.
        File.WriteAllBytes(_folder.File("libtorch-cpu-linux-x64.9.8.7.nupkg"), Package());
        await installer.InstallAsync(_folder.Path, new Progress<InstallProgress>(), CancellationToken.None);
    }

    [SkippableFact]
    public async Task Where_it_would_come_from_is_said_and_is_where_it_comes_from()
    {
        SkipOnWindows();
        using var feed = new Feed(Package());
        Sources(feed);
        Assert.Equal($"128 MB to download from {feed.Index}", Installer().Origin(null));
        Assert.Equal(
            $"from {_folder.Path}, which doesn't have libtorch-cpu-linux-x64.9.8.7.nupkg",
            Installer().Origin(_folder.Path)
        );
        var kept = _folder.File("packages/libtorch-cpu-linux-x64/9.8.7/libtorch-cpu-linux-x64.9.8.7.nupkg");
        Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
        File.WriteAllBytes(kept, Package());

        Assert.Equal($"from {kept}, where NuGet keeps it", Installer().Origin(null));
        var installed = await Install();

        Assert.Equal(Path.GetDirectoryName(kept), installed.Source);
        Assert.Empty(feed.Ranges);
    }

    [SkippableFact]
    public async Task A_configuration_without_sources_is_an_error_of_its_own()
    {
        SkipOnWindows();
        Sources();

        var error = await Assert.ThrowsAsync<ConvNetException>(Install);

        Assert.Equal("PackageSourcesInvalid", error.ErrorId);
    }

    [Fact]
    public void Systems_without_a_libtorch_have_no_release() =>
        Assert.All(
            ["linux-arm64", "osx-x64", "linux-x86"],
            system => Assert.Null(LibTorchRelease.For(system, "2.10.0"))
        );

    private static void SkipOnWindows() =>
        Skip.If(
            OperatingSystem.IsWindows(),
            "XDG_CACHE_HOME, which gives each test a cache of its own, is not read on Windows"
        );

    private static byte[] Package(string? except = null) =>
        Feed.Pack(
            s_release.PackageId,
            "9.8.7",
            [
                .. new (string Name, byte[] Bytes)[]
                {
                    ("runtimes/linux-x64/native/libc10.so", [1, 2, 3]),
                    ("runtimes/linux-x64/native/libtorch.so", [4, 5, 6]),
                    ("runtimes/linux-x64/native/libtorch_cpu.so", s_large),
                    ("runtimes/linux-x64/native/libtorch_python.so", [7]),
                    ("runtimes/win-x64/native/c10.dll", [8]),
                    ("runtimes/linux-x64/native/deeper/x.so", [9]),
                }.Where(file => except is null || !file.Name.EndsWith("/" + except, StringComparison.Ordinal)),
            ]
        );

    private void Sources(params Feed[] feeds) =>
        File.WriteAllText(
            _folder.File("nuget.config"),
            $"<configuration><packageSources><clear />{string.Concat(feeds.Select((feed, i) => $"<add key=\"{i}\" value=\"{feed.Index}\" allowInsecureConnections=\"true\" />"))}</packageSources></configuration>"
        );

    private RuntimeInstaller Installer() =>
        new(
            s_release,
            _folder.Path,
            word =>
            {
                lock (_words)
                    _words.Add(word);
            }
        );

    private Task<InstalledRuntime> Install() => Install(null);

    private Task<InstalledRuntime> Install(string? packages) =>
        Installer().InstallAsync(packages, new Progress<InstallProgress>(), CancellationToken.None);

    private static void OnlyTheInstallationIsLeft() =>
        Assert.Equal([s_release.Folder], Directory.GetFileSystemEntries(LibTorchRelease.Root));
}
