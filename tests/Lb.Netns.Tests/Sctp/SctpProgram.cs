using System.Diagnostics;
using System.Net;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;

namespace Lb.Netns.Tests.Sctp;

/// <summary>The server of libusrsctp, a whole SCTP of its own; it prints what it got when an association has ended. IPv4 only.</summary>
internal sealed class SctpProgram : IDisposable
{
    private const string Program = "/usr/lib/usrsctp/tsctp";

    private readonly Process _process;
    private readonly string _output;

    private SctpProgram(Process process, string output)
    {
        _process = process;
        _output = output;
    }

    /// <summary>Starts a server for a VIP, which it has on an interface that is not the loopback: of that it uses no address.</summary>
    public static SctpProgram Start(Topology topology, Backend backend, IPEndPoint vip)
    {
        backend.Namespace.Ip($"addr del {vip.Address}/32 dev lo");
        backend.Namespace.Ip($"addr add {vip.Address}/32 dev eth0");
        string output = Path.Combine(topology.Folder, $"tsctp-{backend.Name}.log");
        var server = topology.Own(new SctpProgram(
            backend.Namespace.Start(
                "sh", "-c", $"exec stdbuf -oL {Program} -E 0 -U 0 -p {vip.Port} -L {vip.Address} > {output} 2>&1"),
            output));
        Wait.Until(
            () => backend.Namespace.Run("cat", "/proc/net/raw").Contains(":0084", StringComparison.Ordinal),
            $"tsctp in {backend.Name} takes packets");
        return server;
    }

    /// <summary>Has the program's client send so many messages of so many bytes; it ends by itself.</summary>
    public static void Send(TestNamespace client, IPEndPoint vip, int messages, int bytes) => client.Run(
        "timeout", "60", Program, "-E", "0", "-U", "0", "-p", $"{vip.Port}", "-n", $"{messages}", "-l", $"{bytes}", $"{vip.Address}");

    /// <summary>Whether an association has ended here after so many messages, the first of so many bytes.</summary>
    public bool HasServed(int messages, int bytes) => File.ReadLines(_output)
        .Any(line => line.StartsWith($"{bytes}, {messages}, ", StringComparison.Ordinal));

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
