using System.Diagnostics;
using System.Globalization;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>A process takes over from another one while packets come in.</summary>
[Collection(KernelCollection.Name)]
public sealed class ReplacementTests
{
    private const int Starts = 10;
    private const int Pings = 1000;

    [RootFact]
    public void No_packet_is_lost_while_one_process_after_another_takes_over()
    {
        using var site = new TestSite();
        using KernelDatapath client = PrepareClient(site);
        using (KernelDatapath first = site.Open())
        {
            first.WriteService(Samples.Vip4, Samples.Service);
        }

        using Process ping = site.Peer.Start(
            "ping", "-q", "-i", "0.002", "-c", $"{Pings}", Samples.Vip4.Address.ToString());
        Task<string> output = ping.StandardOutput.ReadToEndAsync();
        int starts = 0;
        while (!ping.HasExited || starts < Starts)
        {
            site.Open().Dispose();
            starts++;
        }

        string[] words = output.GetAwaiter().GetResult().Split(' ', '\n');
        int received = int.Parse(words[Array.IndexOf(words, "received,") - 1], CultureInfo.InvariantCulture);
        Assert.True(received == Pings, $"{Pings - received} of {Pings} pings were lost over {starts} starts");
    }

    /// <summary>
    /// The client knows the VIP's link-layer address, and has a program of its own that passes everything: a veth takes
    /// what XDP sends back at its other end only if it has one.
    /// </summary>
    private static KernelDatapath PrepareClient(TestSite site)
    {
        string mac = string.Join(':', site.Node.Link("eth0").Address.GetAddressBytes().Select(b => $"{b:x2}"));
        site.Peer.Ip("addr add 203.0.113.1/32 dev peer0");
        site.Peer.Ip($"route add {Samples.Vip4.Address} dev peer0 src 203.0.113.1");
        site.Peer.Ip($"neigh replace {Samples.Vip4.Address} lladdr {mac} dev peer0 nud permanent");
        return site.Peer.Invoke(() => KernelDatapath.Open(
            site.Options with { Site = "client", Interfaces = ["peer0"] }, site.Logger));
    }
}
