using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Lb.Host.Announce;
using Lb.Host.Configuration;
using Lb.Testing;

namespace Lb.Host.Tests.Announce;

/// <summary>A real bird, and what is written for it and read of it.</summary>
public sealed class BirdTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);
    private static readonly ImmutableHashSet<IPAddress> Vips = [IPAddress.Parse("203.0.113.10"), IPAddress.Parse("2001:db8::10")];

    private readonly string _folder = Directory.CreateTempSubdirectory("lb-bird-").FullName;
    private readonly BgpOptions _options = new(
        "/usr/sbin/bird", 65001, IPAddress.Parse("10.0.0.1"), WithdrawEmpty: true, TimeSpan.FromMilliseconds(150), 3,
        [
            new BgpNeighbor("tor-1", IPAddress.Parse("10.0.0.254"), 65000, "se#cret; {}", Bfd: true, Hops: null),
            new BgpNeighbor("bgp", IPAddress.Parse("fd00::254"), 4200000000, "", Bfd: false, Hops: 2),
        ]);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bird_takes_what_is_written_for_it()
    {
        string file = Path.Combine(_folder, "bird.conf");
        File.WriteAllText(file, BirdConfig.Write(_options, Vips));

        (int exitCode, string output, string error) = Command.TryRun(_options.Program, "-p", "-c", file);

        Assert.True(exitCode == 0, output + error);
        Assert.DoesNotContain("protocol kernel", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Answers_of_bird_are_read()
    {
        BirdLine[] protocols =
        [
            new(2002, "Name       Proto      Table      State  Since         Info"),
            new(1002, "n0         BGP        ---        up     10:00:00.000  Established   "),
            new(1002, "n1         BGP        ---        start  10:00:00.000  Active        Socket: Connection refused"),
        ];
        BirdLine[] sessions =
        [
            new(1020, "IP address                Interface  State      Since         Interval  Timeout"),
            new(1020, "10.0.0.254                eth0       Up         10:00:00.000    0.150    0.450"),
        ];

        Assert.Equal(
            (true, "Established", "Up"), Read(_options.Neighbors[0]));
        Assert.Equal(
            (false, "Active        Socket: Connection refused", null), Read(_options.Neighbors[1]));

        (bool, string, string?) Read(BgpNeighbor neighbor)
        {
            var read = BirdReading.Read(neighbor, _options, protocols, sessions);
            return (read.IsUp, read.State, read.Bfd);
        }
    }

    [RootFact]
    public void It_is_told_started_again_when_it_dies_and_nothing_is_left_of_it()
    {
        using TestNamespace net = TestNamespace.Create("lb-bird-");
        net.Ip("addr add 10.0.0.1/24 dev lo");
        RecordingLog log = new();
        BirdSpeaker speaker = net.Invoke(() => new BirdSpeaker(_options, _folder, log));
        try
        {
            speaker.Announce(Vips);
            Wait.Until(() => speaker.State.Told.SetEquals(Vips), "it is told of VIPs", Soon);
            Assert.Contains("203.0.113.10/32", Birdc("show route"), StringComparison.Ordinal);
            Assert.Equal("600", Command.Run("stat", "-c", "%a", Path.Combine(_folder, "bird.conf")).Trim());

            speaker.Announce([]);
            Wait.Until(() => speaker.State.Told.IsEmpty, "they are taken back", Soon);
            Assert.DoesNotContain("203.0.113.10", Birdc("show route"), StringComparison.Ordinal);
            speaker.Announce(Vips);

            int first = BirdOf(net);
            Command.Run("kill", "-KILL", first.ToString(CultureInfo.InvariantCulture));
            Wait.Until(() => BirdOf(net) is var next && next != 0 && next != first, "another one runs", Soon);
            Wait.Until(() => speaker.State.Told.SetEquals(Vips), "it is told of VIPs too", Soon);
        }
        finally
        {
            speaker.Dispose();
        }

        Assert.Equal(0, BirdOf(net));
        Assert.Empty(Directory.GetFiles(_folder));
    }

    private string Birdc(string command) => Command.Run("birdc", ["-s", Path.Combine(_folder, "bird.ctl"), .. command.Split(' ')]);

    private static int BirdOf(TestNamespace net) => Command.TryRun("ip", "netns", "pids", net.Name).Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(id => int.Parse(id, CultureInfo.InvariantCulture))
        .FirstOrDefault(id => Command.TryRun("cat", $"/proc/{id}/comm").Output.Trim() == "bird");
}
