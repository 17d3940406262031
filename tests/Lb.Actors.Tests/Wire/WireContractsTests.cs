using System.Collections.Immutable;
using System.Net;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using FsCheck.Fluent;
using Lb.Actors.Wire;
using Lb.Kernel;
using Lb.Persistence;

namespace Lb.Actors.Tests;

/// <summary>What is stored must be readable by every later version: these bytes never change.</summary>
public sealed partial class WireContractsTests : IDisposable
{
    private readonly ActorSystem _system = ActorSystem.Create("wire");
    private readonly JsonContractSerializer _serializer;

    public WireContractsTests()
    {
        _serializer = new JsonContractSerializer((ExtendedActorSystem)_system, WireContracts.Create());
    }

    public void Dispose() => _system.Dispose();

    [Fact]
    public void Site_changed_1_is_frozen()
    {
        ServiceConfig web = Configs.Service(Configs.Backend(1)) with
        {
            Health = Configs.Health with { Check = new HealthCheck.HttpGet("/up", "web.example", [200, 204]) },
        };
        SiteChange[] site =
        [
            new SiteChange.SettingsSet(new SiteSettings(
                [System.Net.IPNetwork.Parse("fd00::/8"), System.Net.IPNetwork.Parse("10.0.0.0/8")],
                new FlowsConfig(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)),
                TimeSpan.FromSeconds(10))
            {
                Limits = new PlanLimits(0.25, 0),
            }),
            new SiteChange.ServiceRemoved("old"),
            new SiteChange.ServiceSet(Configs.Service() with { Mode = ForwardingMode.DsrIpip }),
            new SiteChange.BackendAdded("web", Configs.Backend(2, admin: BackendAdmin.Drain)),
            new SiteChange.BackendMoved("web", "b2", IPAddress.Parse("fd00::2"), 81),
            new SiteChange.BackendWeighted("web", "b2", 0),
            new SiteChange.BackendAdminSet("web", "b2", BackendAdmin.Disabled),
            new SiteChange.BackendRemoved("web", "b3"),
        ];
        SiteChanged change = new(12, Configs.Operator, [new SiteChange.ServiceAdded(web)], [.. site]);

        AssertFrozen(
            SiteChangedRecord.Of(change),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00",
            "file":[{"change":"service-added","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"http","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0,"path":"/up","host":"web.example","statuses":[200,204]},
            "backends":[{"name":"b1","address":"10.0.2.1","port":8080,"weight":100,"admin":"enabled"}]}}],
            "site":[{"change":"settings-set","settings":{"direct":["10.0.0.0/8","fd00::/8"],
            "sweepInterval":"00:00:05","udpWindow":"00:00:30","checkInterval":"00:00:10",
            "maxMovedFlows":0.25,"maxLostFlows":0}},
            {"change":"service-removed","service":"old"},
            {"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"dsr-ipip","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"tcp","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[]}},
            {"change":"backend-added","service":"web",
            "backend":{"name":"b2","address":"10.0.2.2","port":8080,"weight":100,"admin":"drain"}},
            {"change":"backend-moved","service":"web","backend":"b2","address":"fd00::2","port":81},
            {"change":"backend-weighted","service":"web","backend":"b2","weight":0},
            {"change":"backend-admin-set","service":"web","backend":"b2","admin":"disabled"},
            {"change":"backend-removed","service":"web","backend":"b3"}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_an_id_is_frozen() => AssertFrozen(
        SiteChangedRecord.Of(new SiteChanged(12, Configs.Operator, [], [new SiteChange.ServiceRemoved("old")])
        {
            Id = Guid.Parse("00112233-4455-6677-8899-aabbccddeeff"),
            After = Guid.Parse("10112233-4455-6677-8899-aabbccddeeff"),
        }),
        "site-changed:1",
        """
        {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
        "when":"2026-01-02T03:04:05+00:00","file":[],"site":[{"change":"service-removed","service":"old"}],
        "id":"00112233-4455-6677-8899-aabbccddeeff","after":"10112233-4455-6677-8899-aabbccddeeff"}
        """);

    [Fact]
    public void Site_changed_1_with_a_flow_log_is_frozen()
    {
        SiteChange[] changes =
        [
            new SiteChange.SettingsSet(new SiteSettings(
                [], new FlowsConfig(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)), TimeSpan.FromSeconds(10))
            {
                LogSample = 8,
            }),
            new SiteChange.ServiceSet(Configs.Service().Unchecked() with { Logging = FlowLogging.Sampled }),
            new SiteChange.ServiceSet(Configs.Service().Unchecked() with { Logging = FlowLogging.Full }),
        ];
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(12, Configs.Operator, [.. changes], [.. changes])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00",
            "file":[{"change":"settings-set","settings":{"direct":[],"sweepInterval":"00:00:05",
            "udpWindow":"00:00:30","checkInterval":"00:00:10","logSample":8}},
            {"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"flowLog":"sampled"}},
            {"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"flowLog":"full"}}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_a_relay_is_frozen()
    {
        ServiceConfig relayed = Configs.Service().Unchecked() with
        {
            Mode = ForwardingMode.Tproxy,
            Tracking = Tracking.None,
            Relay = new RelaySettings(RelaySource.Node, TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(3), 4, 5),
        };
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(
                12, Configs.Operator, [], [new SiteChange.ServiceSet(relayed)])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"tproxy","tracking":"none","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"relay":{"source":"node","connectTimeout":"00:00:02","idleTimeout":"00:03:00",
            "attempts":4,"connections":5}}}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_a_policy_of_a_relay_is_frozen()
    {
        RelaySettings relay = RelaySettings.Default with
        {
            Balance = RelayBalance.PeakEwma,
            Transfer = RelayTransfer.Sockmap,
            Limits = new RelayLimits
            {
                BackendConnections = 1,
                SourceConnections = 2,
                LifeTimeout = TimeSpan.FromHours(3),
                DrainTimeout = TimeSpan.FromSeconds(4),
                OnDown = RelayOnDown.Reset,
            },
            KeepAlive = new RelayKeepAlive
            {
                Idle = TimeSpan.FromSeconds(5),
                Interval = TimeSpan.FromSeconds(6),
                Count = 7,
            },
            Outlier = new RelayOutlierSettings
            {
                Failures = 8,
                BaseTime = TimeSpan.FromSeconds(9),
                MaxTime = TimeSpan.FromSeconds(10),
                MaxEjected = 0.25,
            },
        };
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(
                12, Configs.Operator, [], [new SiteChange.ServiceSet(Configs.Service().Unchecked() with { Relay = relay })])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"nat","tracking":"minimal","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"relay":{"source":"client","connectTimeout":"00:00:03","idleTimeout":"00:15:00",
            "attempts":3,"connections":20000,"policy":{"balance":"peak-ewma","backendConnections":1,
            "sourceConnections":2,"lifeTimeout":"03:00:00","drainTimeout":"00:00:04","onDown":"reset",
            "keepAlive":{"idle":"00:00:05","interval":"00:00:06","count":7},
            "outlier":{"failures":8,"baseTime":"00:00:09","maxTime":"00:00:10","maxEjected":0.25},"engine":"sockmap"}}}}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_names_and_the_proxy_protocol_is_frozen()
    {
        TlsMatch tls = new(["shop.example", "*.shop.example"], ["h2"]);
        RelaySettings relay = RelaySettings.Default with
        {
            GreetingTimeout = TimeSpan.FromSeconds(2),
            Proxy = new RelayProxy(
                ProxyAccept.Any,
                [System.Net.IPNetwork.Parse("10.0.0.0/8")],
                ProxySend.V2,
                ProxyTlvs.Alpn | ProxyTlvs.Authority | ProxyTlvs.UniqueId | ProxyTlvs.Crc32C | ProxyTlvs.Ssl | ProxyTlvs.Other),
        };
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(
                12,
                Configs.Operator,
                [],
                [
                    new SiteChange.ServiceSet(
                        Configs.Service().Unchecked() with { Mode = ForwardingMode.Tproxy, Tracking = Tracking.None, Relay = relay }),
                    new SiteChange.BackendAdded("web", Configs.Backend(2) with { Tls = tls }),
                    new SiteChange.BackendTlsSet("web", "b2", tls),
                    new SiteChange.BackendTlsSet("web", "b2", TlsMatch.Any),
                ])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"tproxy","tracking":"none","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"relay":{"source":"client","connectTimeout":"00:00:03","idleTimeout":"00:15:00",
            "attempts":3,"connections":20000,"greetingTimeout":"00:00:02","proxy":{"accept":"any",
            "trusted":["10.0.0.0/8"],"send":"v2",
            "tlvs":["alpn","authority","unique-id","crc32c","ssl","other"]}}}},
            {"change":"backend-added","service":"web",
            "backend":{"name":"b2","address":"10.0.2.2","port":8080,"weight":100,"admin":"enabled",
            "tlsNames":["shop.example","*.shop.example"],"alpn":["h2"]}},
            {"change":"backend-tls-set","service":"web","backend":"b2","tlsNames":["shop.example","*.shop.example"],
            "alpn":["h2"]},
            {"change":"backend-tls-set","service":"web","backend":"b2","tlsNames":[],"alpn":[]}]}
            """);
    }

    [Fact]
    public void Site_changed_1_with_a_relay_of_datagrams_is_frozen()
    {
        ServiceConfig relayed = Configs.Service().Unchecked() with
        {
            Mode = ForwardingMode.Tproxy,
            Tracking = Tracking.None,
            Relay = RelaySettings.Default with { UdpIdleTimeout = TimeSpan.FromSeconds(20) },
        };
        AssertFrozen(
            SiteChangedRecord.Of(new SiteChanged(
                12, Configs.Operator, [], [new SiteChange.ServiceSet(relayed)])),
            "site-changed:1",
            """
            {"revision":12,"origin":"runtime","who":"ops","from":"127.0.0.1","why":"maintenance",
            "when":"2026-01-02T03:04:05+00:00","file":[],
            "site":[{"change":"service-set","service":{"name":"web","vip":"192.0.2.10","port":80,"protocol":"tcp",
            "mode":"tproxy","tracking":"none","flowMemory":"00:15:00","slots":251,"seed":7,
            "health":{"check":"none","port":0,"interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,
            "jitter":0},"backends":[],"relay":{"source":"client","connectTimeout":"00:00:03","idleTimeout":"00:15:00",
            "attempts":3,"connections":20000,"udpIdleTimeout":"00:00:20"}}}]}
            """);
    }

    [Fact]
    public void Site_snapshot_1_is_frozen()
    {
        SiteConfig nothing = ConfigState.Start("test").Site;
        SiteConfig site = Configs.Site(Configs.Service().Unchecked().Udp() with { Tracking = Tracking.None });

        AssertFrozen(
            SiteSnapshotRecord.Of(new ConfigState(3, nothing, site)),
            "site-snapshot:1",
            """
            {"revision":3,"site":"test",
            "file":{"settings":{"direct":[],"sweepInterval":"00:00:00","udpWindow":"00:00:00",
            "checkInterval":"00:00:00"},"services":[]},
            "current":{"settings":{"direct":[],"sweepInterval":"00:00:00.0200000","udpWindow":"00:00:30",
            "checkInterval":"00:00:00.0500000"},
            "services":[{"name":"web","vip":"192.0.2.10","port":80,"protocol":"udp","mode":"nat","tracking":"none",
            "flowMemory":"00:15:00","slots":251,"seed":7,"health":{"check":"none","port":0,
            "interval":"00:00:00.0200000","timeout":"00:00:05","rise":2,"fall":3,"jitter":0},"backends":[]}]}}
            """);
    }

    [Fact]
    public void Site_snapshot_1_with_sizes_of_tables_is_frozen() => AssertFrozen(
        SiteSnapshotRecord.Of(ConfigState.Start("test") with
        {
            TableSizes = ImmutableSortedDictionary<string, int>.Empty.Add("dns", 4093).Add("web", 16381),
        }) with
        { Revision = 3 },
        "site-snapshot:1",
        """
        {"revision":3,"site":"test",
        "file":{"settings":{"direct":[],"sweepInterval":"00:00:00","udpWindow":"00:00:00",
        "checkInterval":"00:00:00"},"services":[]},
        "current":{"settings":{"direct":[],"sweepInterval":"00:00:00","udpWindow":"00:00:00",
        "checkInterval":"00:00:00"},"services":[]},"tableSizes":{"dns":4093,"web":16381}}
        """);

    [Fact]
    public void Backend_verdict_1_and_backend_verdicts_1_are_frozen()
    {
        VerdictRecord down = VerdictRecord.Of(new BackendVerdict("web", Configs.Socket(1), HealthVerdict.Down));
        const string Text =
            """{"service":"web","address":"10.0.2.1","port":8080,"protocol":"tcp","verdict":"down"}""";

        AssertFrozen(down, "backend-verdict:1", Text);
        AssertFrozen(new VerdictsSnapshotRecord([down]), "backend-verdicts:1", $$"""{"verdicts":[{{Text}}]}""");
    }

    [Fact]
    public void Token_added_1_and_token_revoked_1_are_frozen()
    {
        AccessToken token = new(
            "ci", "0011223344556677", [.. Enumerable.Range(0, 32).Select(i => (byte)i)], AccessRole.Operate,
            new DateTimeOffset(2027, 1, 2, 3, 4, 5, TimeSpan.Zero), Configs.Operator);
        const string By = """{"who":"ops","from":"127.0.0.1","why":"maintenance","when":"2026-01-02T03:04:05+00:00"}""";

        AssertFrozen(
            TokenAddedRecord.Of(token),
            "token-added:1",
            $$"""
            {"name":"ci","id":"0011223344556677",
            "sha256":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","role":"operate",
            "by":{{By}},"expires":"2027-01-02T03:04:05+00:00"}
            """);
        AssertFrozen(
            TokenAddedRecord.Of(token with { Expires = null, Role = AccessRole.Admin }),
            "token-added:1",
            $$"""
            {"name":"ci","id":"0011223344556677",
            "sha256":"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f","role":"admin","by":{{By}}}
            """);
        AssertFrozen(
            TokenRevokedRecord.Of("ci", Configs.Operator), "token-revoked:1", $$"""{"name":"ci","by":{{By}}}""");
    }

    [Fact]
    public void Every_change_of_a_site_comes_back_as_it_was() =>
        Properties.Hold(Gen.Two(RandomSites.Site), 300, pair =>
        {
            SiteChanged change = new(
                1, Configs.Info, SiteDiff.Between(pair.Item1, pair.Item2), SiteDiff.Between(pair.Item2, pair.Item1));
            SiteChangedRecord stored = SiteChangedRecord.Of(change);

            SiteChanged read =
                ((SiteChangedRecord)_serializer.FromBinary(_serializer.ToBinary(stored), "site-changed:1")).ToChange();

            Assert.Equal(change.Info, read.Info);
            Assert.Equal(change.File.AsEnumerable(), read.File);
            Assert.Equal(change.Site.AsEnumerable(), read.Site);
        });

    [Theory]
    [InlineData("""{"service":"web","address":"10.0.2.1","port":8080,"protocol":"tcp"}""", "verdict")]
    [InlineData("""{"service":null,"address":"10.0.2.1","port":8080,"protocol":"tcp","verdict":"up"}""", "service")]
    [InlineData("""{"service":"web","address":"10.0""", "no valid [backend-verdict:1]")]
    public void Damaged_data_is_refused_with_what_is_wrong(string stored, string problem)
    {
        SerializationException refused = Assert.Throws<SerializationException>(
            () => _serializer.FromBinary(Encoding.UTF8.GetBytes(stored), "backend-verdict:1"));
        Assert.Contains(problem, refused.Message);
    }

    [Theory]
    [InlineData(TransportProtocol.Tcp, "tcp")]
    [InlineData(TransportProtocol.Udp, "udp")]
    [InlineData(TransportProtocol.Sctp, "sctp")]
    public void Words_of_protocols_do_not_change(TransportProtocol protocol, string word)
    {
        BackendVerdict verdict = new("web", new Endpoint(System.Net.IPAddress.Parse("10.0.2.1"), 8080, protocol), HealthVerdict.Up);
        VerdictRecord stored = VerdictRecord.Of(verdict);
        Assert.Equal(word, stored.Protocol);
        Assert.Equal(verdict, stored.ToVerdict());
    }

    [Fact]
    public void A_word_that_is_not_known_is_named()
    {
        VerdictRecord stored = new("web", "10.0.2.1", 8080, "dccp", "up");
        Assert.Contains("\"dccp\"", Assert.Throws<InvalidDataException>(() => stored.ToVerdict()).Message);
    }

    private void AssertFrozen(object record, string manifest, string text)
    {
        string bytes = text.ReplaceLineEndings(string.Empty);
        Assert.Equal(bytes, Encoding.UTF8.GetString(_serializer.ToBinary(record)));
        Assert.Equal(manifest, _serializer.Manifest(record));
        object read = _serializer.FromBinary(Encoding.UTF8.GetBytes(bytes), manifest);
        Assert.Equal(bytes, Encoding.UTF8.GetString(_serializer.ToBinary(read)));
    }
}
