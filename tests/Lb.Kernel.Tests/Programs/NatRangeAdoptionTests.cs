using System.Net;
using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>Backends of nat with ranges of ports outlive the process.</summary>
[Collection(KernelCollection.Name)]
public sealed class NatRangeAdoptionTests
{
    private static readonly Endpoint s_source = new(IPAddress.Parse("10.0.2.11"), 5000, TransportProtocol.Tcp) { LastPort = 5999 };
    private static readonly NatEntry s_entry = new(Samples.Vip4.Address, 0, Service: 7, Backend: 1);

    [RootFact]
    public void Next_start_reads_the_ranges_back()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteNat(s_source, s_entry);
            first.WriteNatRanges(new HashSet<Endpoint> { s_source });
        }

        using KernelDatapath second = site.Open();
        Assert.Equal(s_entry, Assert.Single(second.ReadNat(), entry => entry.Key == s_source).Value);
        Assert.Equal([s_source], second.ReadNatRanges());
        Assert.Equal(
            (ushort)5123,
            second.TraceFlow(new Flow(s_source.Address, 5123, IPAddress.Parse("203.0.113.1"), 1, TransportProtocol.Tcp)).Reply?.Port);
    }

    [RootFact]
    public void State_of_a_version_without_them_is_adopted_and_gets_the_maps()
    {
        using var site = new TestSite();
        using (KernelDatapath first = site.Open())
        {
            first.WriteNat(s_source with { LastPort = 0 }, s_entry with { Port = 80 });
        }

        string[] added = [MapNames.NatHosts4, MapNames.NatHosts6, MapNames.NatPorts, MapNames.NatRanges];
        foreach (string name in added)
        {
            File.Delete(Path.Combine(site.PinRoot, "maps", name));
        }

        using (KernelDatapath second = site.Open())
        {
            Assert.Equal(s_entry with { Port = 80 }, second.ReadNat()[s_source with { LastPort = 0 }]);
            Assert.Empty(second.ReadNatRanges());
            second.WriteNat(s_source, s_entry);
            second.WriteNatRanges(new HashSet<Endpoint> { s_source });
        }

        Assert.All(added, name => Assert.True(File.Exists(Path.Combine(site.PinRoot, "maps", name)), name));
        using KernelDatapath third = site.Open();
        Assert.Equal([s_source], third.ReadNatRanges());
    }
}
