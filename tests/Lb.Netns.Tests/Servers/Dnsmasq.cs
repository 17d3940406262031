using System.Diagnostics;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Servers;

/// <summary>A real dnsmasq: one name with an address, one with a text of several packets; it logs who asked.</summary>
internal sealed class Dnsmasq : IDisposable
{
    /// <summary>Has <see cref="Answer"/>.</summary>
    public const string Name = "www.lb.example";

    /// <summary>Has texts of <see cref="LargeAnswer"/> bytes together.</summary>
    public const string LargeName = "large.lb.example";

    public const string Answer = "192.0.2.77";

    /// <summary>Longer than a packet can be.</summary>
    public const int LargeAnswer = 3000;

    private const int Text = 250;

    private readonly Process _process;
    private readonly string _log;

    private Dnsmasq(Process process, string log)
    {
        _process = process;
        _log = log;
    }

    /// <summary>Addresses of those that asked for a name, as it saw them.</summary>
    public IEnumerable<string> Askers(string name) => File.ReadLines(_log)
        .Where(line => line.Contains("query[", StringComparison.Ordinal) && line.Contains($" {name} from ", StringComparison.Ordinal))
        .Select(line => line[(line.LastIndexOf(' ') + 1)..]);

    public static Dnsmasq Start(Topology topology, Backend backend)
    {
        string log = Path.Combine(topology.Folder, $"dnsmasq-{backend.Name}.log");
        var server = topology.Own(new Dnsmasq(
            backend.Namespace.Start(
                "dnsmasq",
                [
                    "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--pid-file", "--user=root",
                    $"--port={Addresses.ServerPort}", "--log-queries", $"--log-facility={log}", "--edns-packet-max=4096",
                    $"--address=/{Name}/{Answer}",
                    .. Enumerable.Range(0, LargeAnswer / Text)
                        .Select(n => $"--txt-record={LargeName},{new string((char)('a' + n), Text)}"),
                ]),
            log));
        Wait.Until(
            () => backend.Namespace.Run("ss", "-lunH").Contains($":{Addresses.ServerPort} ", StringComparison.Ordinal),
            $"dnsmasq in {backend.Name} listens");
        return server;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
