using Lb.Testing;

namespace Lb.Netns.Tests.Units;

/// <summary>The unit file as systemd reads it.</summary>
public sealed class UnitFileTests
{
    /// <summary>Highest exposure by systemd's own measure, in tenths; without hardening it is 96.</summary>
    private const int HighestExposure = 25;

    private readonly UnitFile _unit = UnitFile.Read();

    [Fact]
    public void Process_can_have_the_capabilities_it_starts_with_and_no_other() =>
        Assert.Equal(_unit.Ambient.AsEnumerable(), _unit.Bounding);

    [Fact]
    public void Capabilities_are_those_that_lbd_says_it_needs_and_those_of_low_ports_and_of_arp() => Assert.Equal(
        Lb.Kernel.Host.Capabilities.Needed
            .Append(Lb.Kernel.Host.Capability.NetBindService)
            .Append(Lb.Kernel.Host.Capability.NetRaw)
            .Select(Lb.Kernel.Host.Capabilities.Name)
            .Order(StringComparer.Ordinal),
        _unit.Ambient);

    [Fact]
    public void Restart_is_seen_by_no_flow_and_stop_ends_forwarding()
    {
        Assert.Equal("SIGKILL", _unit.Value("RestartKillSignal"));
        Assert.Equal("SIGTERM", _unit.Value("KillSignal"));
        Assert.Equal("2", _unit.Value("RestartPreventExitStatus"));
    }

    [SystemdFact]
    public void Systemd_understands_every_line()
    {
        using var installed = new InstalledUnit(_unit);

        (int exitCode, string output, string error) = Command.TryRun("systemd-analyze", "verify", installed.Path);

        Assert.True(exitCode == 0, output + error);
        Assert.DoesNotContain(InstalledUnit.Name, output + error, StringComparison.Ordinal);
    }

    [SystemdFact]
    public void Systemd_finds_little_exposed()
    {
        using var installed = new InstalledUnit(_unit);

        (int exitCode, string output, string error) = Command.TryRun(
            "systemd-analyze", "security", "--offline=yes", $"--threshold={HighestExposure}", "--no-pager", installed.Path);

        Assert.True(exitCode == 0, output + error);
    }

    /// <summary>The unit with a program that is there.</summary>
    private sealed class InstalledUnit : IDisposable
    {
        public const string Name = "lb-unit-test.service";

        private readonly string _folder = Directory.CreateTempSubdirectory("lb-unit-").FullName;

        public InstalledUnit(UnitFile unit) => File.WriteAllText(
            Path, unit.Text.Replace("/usr/local/sbin/lbd", "/bin/true", StringComparison.Ordinal));

        public string Path => System.IO.Path.Combine(_folder, Name);

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }
}
