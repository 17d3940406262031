using Lb.Netns.Tests.Units;
using Lb.Testing;

namespace Lb.Netns.Tests.Walk;

/// <summary>What make install puts where, for those who make packages too.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("lb-install-").FullName;

    [Theory]
    [InlineData("/usr/local")]
    [InlineData("/opt/lb")]
    public void Everything_is_in_its_place_and_works_from_there(string prefix)
    {
        Install(prefix, "install");

        Assert.Contains("complete -F", File.ReadAllText(At($"{prefix}/share/bash-completion/completions/pbm")), StringComparison.Ordinal);
        Assert.StartsWith(".TH", FirstRequest(At($"{prefix}/share/man/man1/pbm.1")), StringComparison.Ordinal);
        Assert.StartsWith(".TH", FirstRequest(At($"{prefix}/share/man/man8/lbd.8")), StringComparison.Ordinal);
        Assert.Contains("\nu lb ", File.ReadAllText(At($"{prefix}/lib/sysusers.d/lbd.conf")), StringComparison.Ordinal);
        Assert.NotEqual("", Command.Run(At($"{prefix}/bin/pbm"), "--version"));
        UnitFile unit = new(File.ReadAllText(At($"{prefix}/lib/systemd/system/lbd.service")));
        string[] start = unit.Value("ExecStart").Split(' ');
        Assert.Equal($"{prefix}/sbin/lbd", start[0]);

        // The unit's own command, on the example that was installed.
        Assert.Contains("is right", Command.Run(At(start[0]), start[1], At(start[2]), "--check"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_site_file_that_is_there_outlives_install_and_uninstall()
    {
        string site = At("/etc/lb/site.conf");
        Directory.CreateDirectory(Path.GetDirectoryName(site)!);
        File.WriteAllText(site, "mine");

        Assert.Contains("left as it is", Install("/usr/local", "install"), StringComparison.Ordinal);
        Install("/usr/local", "install");
        Install("/usr/local", "uninstall");

        Assert.Equal("mine", File.ReadAllText(site));
        Assert.Equal([site], Directory.GetFiles(_root, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public void A_prefix_that_is_no_path_is_refused()
    {
        (int exitCode, string output, string error) = TryInstall("local", "install");

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains("PREFIX=local", error, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string At(string path) => _root + path;

    private string Install(string prefix, string task)
    {
        (int exitCode, string output, string error) = TryInstall(prefix, task);
        Assert.True(exitCode == 0, output + error);
        return output;
    }

    private (int ExitCode, string Output, string Error) TryInstall(string prefix, string task) => Command.TryRun(
        "env", "LB_NO_BUILD=1", $"PREFIX={prefix}", $"DESTDIR={_root}", Path.Combine(Walker.Sources, "eng/install.sh"), task);

    private static string FirstRequest(string manual) =>
        File.ReadLines(manual).First(line => line.StartsWith('.') && !line.StartsWith(".\\\"", StringComparison.Ordinal));
}
