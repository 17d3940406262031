using Lb.Netns.Tests.Clients;
using Lb.Netns.Tests.Node;
using Lb.Netns.Tests.Topologies;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Netns.Tests.Scenarios;

/// <summary>
/// A pool that changes every second under living connections: weights, drains, a backend that comes and goes and dies, lbd
/// killed in between. Flow memory and sweeps are short, so that slots become moved and clean many times.
/// </summary>
/// <remarks>
/// LB_SOAK_SECONDS sets how long, LB_SOAK_CONNECTIONS how many connections there are at the beginning (two descriptors each),
/// LB_SOAK_SEED what is changed.
/// </remarks>
public sealed class SoakTests(ITestOutputHelper output)
{
    /// <summary>The backend that is removed and whose cable is pulled: its own connections may break.</summary>
    private const string Victim = "b5";

    private const int Batch = 20;
    private static readonly TimeSpan s_time = TimeSpan.FromSeconds(Setting.Number("LB_SOAK_SECONDS", 120));
    private static readonly int s_connections = Setting.Number("LB_SOAK_CONNECTIONS", 1000);
    private static readonly Route[] s_routes = [Route.Of("nat-v4"), Route.Of("dsr-v6")];

    [RootFact]
    public void Connections_outlive_whatever_happens_to_the_pool_but_for_those_of_a_backend_that_dies()
    {
        int seed = Setting.Number("LB_SOAK_SEED", Random.Shared.Next());
        Random random = new(seed);
        using Topology topology = Topology.WithEchoServers(5);
        Pool pool = new(topology);
        List<LongLivedConnections> loads = [];
        try
        {
            Open(s_connections / s_routes.Length);
            DateTime end = DateTime.UtcNow + s_time;
            int changes = 0;
            for (; DateTime.UtcNow < end; changes++)
            {
                DateTime next = DateTime.UtcNow + TimeSpan.FromSeconds(1);
                if (random.Next(10) == 0)
                {
                    Open(Batch);
                }
                else
                {
                    pool.Change(random);
                }

                while (DateTime.UtcNow < next)
                {
                    loads[random.Next(loads.Count)].ExchangeOnAll(but: Victim);
                }

                NothingBroke();
            }

            loads.ForEach(load => load.ExchangeOnAll(but: Victim));
            NothingBroke();
            output.WriteLine(
                $"seed {seed}: {changes} changes ({pool.Done}); of {Count(dies: false)} connections 0 broke, of {Count(dies: true)} at {Victim} {Broken(dies: true).Count}");
            Assert.Equal(0, pool.Lbd.Pbm("kernel", "check").ExitCode);
        }
        finally
        {
            loads.ForEach(load => load.Dispose());
        }

        void Open(int ofEach)
        {
            foreach (Route route in s_routes)
            {
                loads.Add(LongLivedConnections.Open(topology.Client, route.EndPoint, ofEach));
            }
        }

        void NothingBroke()
        {
            List<string> broken = Broken(dies: false);
            Assert.True(
                broken.Count == 0,
                $"seed {seed}: {broken.Count} of {Count(dies: false)} connections broke ({pool.Done}): {string.Join("; ", broken.Take(3))}\n{pool.Lbd.Story()}");
        }

        List<string> Broken(bool dies) =>
            [.. loads.SelectMany(load => load.Broken).Where(broken => broken.StartsWith($"{Victim} ", StringComparison.Ordinal) == dies)];

        int Count(bool dies) => loads.Sum(load => load.ByBackend.Where(some => some.Key == Victim == dies).Sum(some => some.Value));
    }

    /// <summary>The site, and what is done to it.</summary>
    private sealed class Pool
    {
        /// <summary>One of these, the first, always takes new flows.</summary>
        private static readonly string[] s_lasting = ["b1", "b2", "b3", "b4"];
        private static readonly int[] s_weights = [0, 20, 100, 300];

        private readonly Topology _topology;
        private readonly Dictionary<string, int> _done = [];
        private SiteSpec _site;
        private bool _isThere = true;
        private bool _isDead;

        public Pool(Topology topology)
        {
            _topology = topology;
            _site = s_routes.Aggregate(
                new SiteSpec(topology.Site) { SweepInterval = "2s", Fall = 25 },
                (site, route) => site.Add(route.Service("tcp", topology.Backends) with { FlowMemory = "20s" }));
            Lbd = Lbd.Start(topology, _site);
        }

        public Lbd Lbd { get; private set; }

        /// <summary>How often each change was made.</summary>
        public string Done => string.Join(", ", _done.Select(some => $"{some.Value} × {some.Key}"));

        public void Change(Random random)
        {
            string backend = s_lasting[random.Next(s_lasting.Length)];
            string drained = s_lasting[random.Next(1, s_lasting.Length)];
            switch (random.Next(20))
            {
                case < 8:
                    int weight = s_weights[random.Next(backend == s_lasting[0] ? 1 : 0, s_weights.Length)];
                    Apply("weight", _site.ChangeAll(service => service.Change(backend, b => b with { Weight = weight })));
                    break;
                case < 13:
                    Apply("drain or its end", _site.ChangeAll(service => service.Change(
                        drained, b => b with { Admin = b.Admin == "drain" ? "enabled" : "drain" })));
                    break;
                case < 16:
                    Turn();
                    break;
                case 18 or 19 when !_isDead:
                    Count("kill of lbd");
                    Lbd.Kill();
                    Lbd = Lbd.Start(_topology, _site);
                    break;
                default:
                    Cable();
                    break;
            }
        }

        private void Turn()
        {
            Backend victim = _topology.Backends.Single(backend => backend.Name == Victim);
            _isThere = !_isThere;
            Apply(_isThere ? "backend added" : "backend removed", _site with
            {
                Services =
                [
                    .. s_routes.Index().Select(route => _isThere
                        ? _site.Services[route.Index].Add(victim, route.Item.OverV6)
                        : _site.Services[route.Index] with { Backends = _site.Services[route.Index].Backends.RemoveAll(b => b.Name == Victim) }),
                ],
            });
        }

        /// <summary>A backend whose cable is out answers no probes, and is down a few seconds later.</summary>
        private void Cable()
        {
            Backend victim = _topology.Backends.Single(backend => backend.Name == Victim);
            Count(_isDead ? "cable plugged in" : "cable pulled");
            if (_isDead)
            {
                victim.Reconnect();
            }
            else
            {
                victim.Disconnect();
            }

            _isDead = !_isDead;
        }

        private void Apply(string change, SiteSpec site)
        {
            Count(change);
            _site = site;
            int before = Lbd.LogLines("Reload done").Count;
            Lbd.ReloadText(site.ToHocon());
            Lbd.WaitFor(() => Lbd.LogLines("Reload done").Count > before, "the reload is applied");
        }

        private void Count(string change) => _done[change] = _done.GetValueOrDefault(change) + 1;
    }
}
