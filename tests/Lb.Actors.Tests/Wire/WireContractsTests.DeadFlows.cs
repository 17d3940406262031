using Lb.Actors.Wire;

namespace Lb.Actors.Tests;

/// <summary>What becomes of flows of dead backends, as it is stored.</summary>
public sealed partial class WireContractsTests
{
    [Fact]
    public void Site_changed_1_with_resets_is_frozen()
    {
        ServiceConfig resetting = Configs.Service(Configs.Backend(1)).Unchecked() with { DeadFlows = DeadFlows.Reset };
        SiteChangedRecord record = SiteChangedRecord.Of(
            new SiteChanged(12, Configs.Operator, [], [new SiteChange.ServiceSet(resetting)]));
        AssertFrozen(
            record,
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[{"name":"b1","address":"10.0.2.1","port":8080,"weight":100,"admin":"enabled"}],
            "deadFlows":"reset"}}]}
            """);
        Assert.Equal(DeadFlows.Reset, ServiceRecord.Of(resetting).ToConfig().DeadFlows);
        Assert.Equal(DeadFlows.Rehash, ServiceRecord.Of(resetting with { DeadFlows = DeadFlows.Rehash }).ToConfig().DeadFlows);
    }
}
