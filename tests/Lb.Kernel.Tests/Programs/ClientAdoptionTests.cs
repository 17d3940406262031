using Lb.Kernel.Tests.Fixtures;

namespace Lb.Kernel.Tests.Programs;

/// <summary>A state of a version that knew no clients which keep their backend.</summary>
[Collection(KernelCollection.Name)]
public sealed class ClientAdoptionTests
{
    [RootFact]
    public void Counts_of_flow_tables_of_a_version_that_knew_fewer_are_made_anew()
    {
        using var site = new TestSite();
        site.Open().Dispose();
        string pin = Path.Combine(site.PinRoot, "maps", MapNames.FlowCounts);
        File.Delete(pin);
        Command.Run(
            "bpftool", "map", "create", pin, "type", "percpu_array", "key", "4", "value", "16", "entries", "4", "name", MapNames.FlowCounts);
        foreach (string name in (string[])[MapNames.Sticky, MapNames.Clients4, MapNames.Clients6, MapNames.ClientDraft])
        {
            File.Delete(Path.Combine(site.PinRoot, "maps", name));
        }

        site.Open().Dispose();
        using KernelDatapath third = site.Open();

        Assert.Equal(2, third.CountFlows().Count(use => use is { Kind: FlowTableKind.Clients, Entries: 0, Evicted: 0 }));
    }
}
