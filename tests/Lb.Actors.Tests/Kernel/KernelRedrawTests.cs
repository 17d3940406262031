using System.Collections.Immutable;
using System.Net;
using Lb.Kernel;
using Lb.Testing;
using Xunit.Abstractions;

namespace Lb.Actors.Tests;

/// <summary>A state that is drawn by what differs is the one that is drawn whole.</summary>
public class KernelRedrawTests(ITestOutputHelper output)
{
    private static readonly ForwardingMode[] Modes =
        [ForwardingMode.Nat, ForwardingMode.DsrIpip, ForwardingMode.Tproxy, ForwardingMode.FullNat, ForwardingMode.DsrL2];

    private static readonly KernelAnswers Answers =
        new(_ => FakeNeighbours.Hop(2), new FakeDatapath().ChooseInterception, AllByTc: false);

    /// <summary>Any seed, and one that has a relay's port inside a range whose replies are another service's.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData(78835467)]
    public void Whatever_changes_the_state_is_the_one_that_is_drawn_whole(int? given)
    {
        int seed = given ?? Environment.TickCount;
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        KernelLedger ledger = KernelLedger.Adopt(Empty, 64, 1024, now: 0);
        KernelState drawn = Empty;
        int light = 0;
        for (int step = 0; step < 3000; step++)
        {
            KernelLedger before = ledger;
            bool isLight = Change(random, ref ledger);
            KernelState whole = KernelImage.Of(ledger, new HashSet<IPNetwork>(), drawn, Answers);
            KernelState? redrawn = KernelRedraw.Of(drawn, before, ledger);
            if (redrawn is not null)
            {
                Assert.Empty(KernelDiff.Between(redrawn, whole));
                Assert.Empty(KernelDiff.Between(whole, redrawn));
                Assert.Equal(KernelDiff.Between(drawn, whole).Count, KernelDiff.Between(drawn, redrawn).Count);
            }

            Assert.True(redrawn is not null || !isLight, $"step {step} was drawn whole");
            light += isLight ? 1 : 0;
            drawn = redrawn ?? whole;
        }

        Assert.InRange(light, 500, 3000);
    }

    private static KernelState Empty => new(
        new Dictionary<Endpoint, ServiceEntry>(),
        new Dictionary<uint, BackendEntry>(),
        new Dictionary<uint, Slot[]>(),
        new Dictionary<Endpoint, NatEntry>(),
        new HashSet<IPNetwork>());

    /// <summary>Changes something; whether it was no more than slots, and which backends are alive or drained.</summary>
    private static bool Change(Random random, ref KernelLedger ledger)
    {
        Endpoint vip = random.Next(3) == 0
            ? Configs.Vip with { Port = (ushort)(8079 + random.Next(3)), LastPort = 8082 }
            : Configs.Vip with { Port = (ushort)(80 + random.Next(5)) };
        DesiredService? old = ledger.Services.GetValueOrDefault(vip)?.Desired;
        switch (random.Next(8))
        {
            case 0 when old is not null:
                ledger = ledger.Retain(ledger.Services.Keys.Where(kept => kept != vip).ToHashSet(), now: 0);
                return false;
            case 1:
                ledger = FlowPurge.Plan(ledger, [], [], TimeSpan.TicksPerHour, out _, out _);
                return false;
            case 2 or 3:
                _ = ledger.Accept(Any(random, vip), now: 0, out ledger);
                return false;
            default:
                return old is not null && ledger.Accept(Light(random, old), now: 0, out ledger) is null;
        }
    }

    private static DesiredService Any(Random random, Endpoint vip)
    {
        // Few sockets for all, so that services of nat have each other's, also as leftovers.
        int[] numbers = [.. Enumerable.Range(1, 12).OrderBy(_ => random.Next()).Take(random.Next(1, 5)).Order()];
        ForwardingMode mode = Modes[random.Next(Modes.Length)];
        DesiredService service = new(
            vip,
            mode,
            Tracking.Minimal,
            Seed: 7,
            Revision: 1,
            [.. numbers.Select(number => new DesiredBackend(
                (uint)number,
                Configs.Socket(number) with { Port = vip.IsRange ? (ushort)0 : Configs.Socket(number).Port },
                Alive: true,
                Leftover: random.Next(3) == 0))],
            [])
        {
            Older = random.Next(3) == 0 ? Modes[random.Next(2)] : null,
            Mss = (ushort)(random.Next(2) * 1300),
            Quic = random.Next(3) == 0 ? new QuicRouting(0, 2) : null,
        };
        return Light(random, service with { Older = service.Older == mode ? null : service.Older });
    }

    private static DesiredService Light(Random random, DesiredService service) => service with
    {
        Revision = service.Revision + 1,
        Backends = [.. service.Backends.Select(backend => random.Next(3) == 0
            ? backend with { Alive = random.Next(2) == 0, Drained = random.Next(2) == 0 }
            : backend)],
        Slots = random.Next(5) == 0
            ? []
            : [.. Enumerable.Range(0, random.Next(2) == 0 ? 3 : 7).Select(_ => new Slot(
                service.Backends[random.Next(service.Backends.Length)].Id))],
    };
}
