using System.Diagnostics;
using Lb.Datapath.Tests.Lab;
using Lb.Kernel;
using Lb.Testing;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace Lb.Datapath.Tests.Fuzz;

/// <summary>The program against the reference model, on random packets in random worlds.</summary>
/// <remarks>LB_FUZZ_SEED repeats a run, LB_FUZZ_COUNT sets the number of packets.</remarks>
[Collection(Testbed.Name)]
public class DifferentialTests(Testbed bed, ITestOutputHelper output)
{
    private const int PerWorld = 40_000;
    private const int LargestBatch = 400;

    /// <summary>A test run always has room in front of the packet.</summary>
    private static readonly IEnumerable<string> Reachable = Enum.GetNames<Verdict>()
        .Except([nameof(Verdict.DropHeadroom)])
        .Concat([nameof(XdpAction.Pass), nameof(XdpAction.Redirect), nameof(XdpAction.Transmit), "Tracked", "Untracked", "Fragments", "Followed", "Returned", "Full", "FullNew", "Ranged", "RangedReplies", "Named", "Clients", "Sctp"]);

    /// <summary>Packets of a run that is not told how many.</summary>
    private protected virtual int DefaultCount => 2_000_000;

    [RootFact]
    public void Program_and_model_agree_on_random_packets_in_random_worlds()
    {
        int seed = Setting.Number("LB_FUZZ_SEED", Random.Shared.Next());
        int count = Setting.Number("LB_FUZZ_COUNT", DefaultCount);
        output.WriteLine($"LB_FUZZ_SEED={seed} LB_FUZZ_COUNT={count}");
        var clock = Stopwatch.StartNew();
        bed.Run(() => Fuzz(new Random(seed), seed, count));
        output.WriteLine($"{count} packets agreed within {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private void Fuzz(Random random, int seed, int count)
    {
        var differential = new Differential(bed);
        for (int sent = 0; sent < count;)
        {
            var universe = new Universe(random, bed);
            var evolution = new Evolution(universe);
            for (int end = Math.Min(count, sent + PerWorld); sent < end;)
            {
                evolution.Step();
                int size = Math.Min(random.Next(1, LargestBatch), end - sent);
                if (differential.Run(universe.World, Batch(universe, size)) is { } difference)
                {
                    throw new XunitException(
                        $"LB_FUZZ_SEED={seed} LB_FUZZ_COUNT={count}: after {sent} packets, {difference}");
                }

                sent += size;
            }
        }

        output.WriteLine(string.Join(", ", differential.Seen.Select(s => $"{s.Key} {s.Value}")));
        Assert.All(Reachable, what => Assert.True(
            differential.Seen.GetValueOrDefault(what) > count / 20_000, $"too few of the packets met {what}"));
    }

    private static List<(int Ingress, byte[] Frame)> Batch(Universe universe, int size)
    {
        var traffic = new RandomTraffic(universe);
        var damage = new Damage(universe.Random);
        var batch = new List<(int, byte[])>(size);
        for (int i = 0; i < size; i++)
        {
            byte[] frame = traffic.Next().ToBytes();
            batch.Add((universe.RandomInterface(), universe.Once(3) ? damage.Inflict(frame) : frame));
        }

        return batch;
    }
}
