using System.Collections.Immutable;
using Lb.Actors.Wire;
using Lb.Kernel;

namespace Lb.Actors.Tests;

/// <summary>How a service uses its pool, and since when backends drain.</summary>
public sealed partial class WireContractsTests
{
    [Fact]
    public void Site_changed_1_with_a_pool_policy_and_a_backup_is_frozen()
    {
        SiteChange[] changes =
        [
            new SiteChange.ServiceSet(Configs.Service().Unchecked() with { Pool = new PoolPolicy { PanicThreshold = 0.5 } }),
            new SiteChange.BackendAdded("web", Configs.Backend(2) with { Backup = true }),
            new SiteChange.BackendBackupSet("web", "b2", false),
            new SiteChange.ServiceSet(Configs.Service().Unchecked() with
            {
                Pool = new PoolPolicy { DrainDeadline = TimeSpan.FromMinutes(10), DrainThen = DrainThen.Keep },
            }),
            new SiteChange.ServiceSet(Configs.Service().Unchecked() with
            {
                Pool = new PoolPolicy { SlowStart = TimeSpan.FromSeconds(30), SlowStartFrom = 0.25 },
            }),
            new SiteChange.BackendAdded("web", Configs.Backend(3) with { DrainDeadline = TimeSpan.FromMinutes(5) }),
            new SiteChange.BackendAdminSet("web", "b2", BackendAdmin.Drain) { Deadline = TimeSpan.Zero },
        ];
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(12, Configs.Operator, [.. changes], [.. changes])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00",
            "file":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"pool":{"panicThreshold":0.5}}},
            {"change":"backend-added","service":"web",
            "backend":{"name":"b2","address":"10.0.2.2","port":8080,"weight":100,"admin":"enabled","backup":true}},
            {"change":"backend-backup-set","service":"web","backend":"b2","backup":false},
            {"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"pool":{"drainDeadline":"00:10:00","drainThen":"keep"}}},
            {"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"pool":{"slowStart":"00:00:30","slowStartFrom":0.25}}},
            {"change":"backend-added","service":"web",
            "backend":{"name":"b3","address":"10.0.2.3","port":8080,"weight":100,"admin":"enabled","drainDeadline":"00:05:00"}},
            {"change":"backend-admin-set","service":"web","backend":"b2","admin":"drain","deadline":"00:00:00"}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_a_range_and_a_prefix_is_frozen()
    {
        ServiceConfig ranged = Configs.Service(Configs.Backend(1) with { Port = 0 }).Unchecked() with
        {
            Vip = Endpoint.Of(System.Net.IPNetwork.Parse("203.0.113.0/24"), 5000, 5999, TransportProtocol.Tcp),
            Mode = ForwardingMode.DsrL2,
        };
        SiteChangedRecord record = SiteChangedRecord.Of(
            new SiteChanged(12, Configs.Operator, [], [new SiteChange.ServiceSet(ranged)]));
        AssertFrozen(
            record,
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"203.0.113.0","port":5000,"protocol":"tcp",
            "mode":"dsr-l2","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[{"name":"b1","address":"10.0.2.1","port":0,"weight":100,"admin":"enabled"}],
            "lastPort":5999,"prefixLength":24}}]}
            """);
        Assert.Equal(ranged.Vip, ServiceRecord.Of(ranged).ToConfig().Vip);
        Assert.Equal(0, ServiceRecord.Of(ranged).ToConfig().Backends.Values.Single().Port);
    }

    [Fact]
    public void Site_changed_1_with_server_ids_is_frozen()
    {
        ServiceConfig quic = Configs.Service(Configs.Backend(1) with { ServerId = new ServerId([0x0a, 1]) }).Unchecked() with
        {
            Quic = new QuicRouting(5, 2),
        };
        SiteChangedRecord record = SiteChangedRecord.Of(new SiteChanged(
            12,
            Configs.Operator,
            [],
            [
                new SiteChange.ServiceSet(quic),
                new SiteChange.BackendServerIdSet("web", "b2", new ServerId([0, 255])),
                new SiteChange.BackendServerIdSet("web", "b2", null),
            ]));
        AssertFrozen(
            record,
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[{"name":"b1","address":"10.0.2.1","port":8080,"weight":100,"admin":"enabled",
            "serverId":"0a01"}],"quic":{"configId":5,"serverIdLength":2}}},
            {"change":"backend-server-id-set","service":"web","backend":"b2","serverId":"00ff"},
            {"change":"backend-server-id-set","service":"web","backend":"b2"}]}
            """);
        ServiceConfig read = ServiceRecord.Of(quic).ToConfig();
        Assert.Equal((quic.Quic, quic.Backends["b1"].ServerId), (read.Quic, read.Backends["b1"].ServerId));
    }

    [Fact]
    public void Site_snapshot_1_with_drains_is_frozen() => AssertFrozen(
        SiteSnapshotRecord.Of(ConfigState.Start("test")) with
        {
            Revision = 3,
            Drains = DrainRecord.Of(new DrainTimes(DrainTimes.None.Services.Add(
                "web",
                ImmutableDictionary<Endpoint, DateTimeOffset>.Empty.Add(Configs.Socket(1), Configs.Info.When)))),
        },
        "site-snapshot:1",
        """
        {"revision":3,"site":"test",
        "file":{"settings":{"direct":[],"sweepInterval":"00:00:00","udpWindow":"00:00:00",
        "checkInterval":"00:00:00"},"services":[]},
        "current":{"settings":{"direct":[],"sweepInterval":"00:00:00","udpWindow":"00:00:00",
        "checkInterval":"00:00:00"},"services":[]},
        "drains":{"web":[{"address":"10.0.2.1","port":8080,"since":"2026-01-02T03:04:05+00:00"}]}}
        """);
}
