using System.Collections.Immutable;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Layout;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lb.Kernel;

/// <summary>
/// The program that hands packets to other CPUs, that which forwards them there, and the queues between them. The
/// kernel keeps them while the first is attached; nothing of it is pinned.
/// </summary>
public sealed class SpreadPrograms : IDisposable
{
    private const string Queues = "lb_cpus";
    private const string Shares = "lb_shares";
    private const string Counts = "lb_cpu_counts";

    private readonly HashMap<uint, CpuQueueValue> _queues;
    private readonly ArrayMap<uint> _shares;
    private readonly PerCpuArray<CpuCountsValue> _counts;
    private readonly uint _thereId;

    private SpreadPrograms(BpfObject entry, BpfObject there)
    {
        Entry = new XdpProgram(EmbeddedObject.Spread, entry.TakeProgram(EmbeddedObject.Spread));
        There = new XdpProgram(EmbeddedObject.Cpu, there.TakeProgram(EmbeddedObject.Cpu));
        _queues = new HashMap<uint, CpuQueueValue>(Queues, entry.TakeMap(Queues));
        _shares = new ArrayMap<uint>(Shares, entry.TakeMap(Shares));
        _counts = new PerCpuArray<CpuCountsValue>(Counts, entry.TakeMap(Counts));
        _thereId = There.ReadId();
    }

    /// <summary>What interfaces carry.</summary>
    public XdpProgram Entry { get; }

    /// <summary>What runs on the CPUs that packets are handed to.</summary>
    public XdpProgram There { get; }

    /// <summary>CPUs that there may be.</summary>
    private uint Possible => (uint)_queues.Capacity;

    /// <summary>Loads them onto the maps of a data plane, for tests and measurements; no CPU has a queue yet.</summary>
    /// <param name="datapath">Whose maps they read and write.</param>
    public static SpreadPrograms Load(LoadedDatapath datapath)
    {
        ArgumentNullException.ThrowIfNull(datapath);
        return Load(datapath.Maps, NullLogger.Instance);
    }

    /// <summary>Shares flows out to these CPUs, and to no others any more.</summary>
    /// <remarks>A queue is there before the first packet goes into it; one that goes is emptied by its CPU first.</remarks>
    /// <param name="cpus">CPUs that are online.</param>
    /// <param name="queue">Frames that wait for each of them at most.</param>
    public void Write(IReadOnlyList<int> cpus, int queue)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        foreach (uint cpu in cpus.Select(cpu => (uint)cpu).Where(cpu => !IsRight(cpu, queue)))
        {
            _queues.Set(cpu, new CpuQueueValue { Room = (uint)queue, Program = (uint)There.Descriptor.Value });
        }

        uint[] held = _shares.ReadAll();
        for (uint share = 0; share < held.Length; share++)
        {
            uint owner = OwnerOf(share, cpus);
            if (held[share] != owner)
            {
                _shares[share] = owner;
            }
        }

        for (uint cpu = 0; cpu < Possible; cpu++)
        {
            if (!cpus.Contains((int)cpu))
            {
                _queues.Delete(cpu);
            }
        }
    }

    /// <summary>Whether it is as it was written.</summary>
    public bool Holds(IReadOnlyList<int> cpus, int queue)
    {
        ArgumentNullException.ThrowIfNull(cpus);
        return cpus.All(cpu => IsRight((uint)cpu, queue))
            && _shares.ReadAll().Select((owner, share) => owner == OwnerOf((uint)share, cpus)).All(isRight => isRight);
    }

    /// <summary>What CPUs have had, of those that have a share or have had anything.</summary>
    public ImmutableArray<CpuUse> Read()
    {
        HashSet<uint> owners = [.. _shares.ReadAll()];
        // Later, so that what is taken in between is not missing.
        CpuUse[] given = [.. Read(owners)];
        CpuUse[] taken = [.. Read(owners)];
        return [.. given.Zip(taken, (before, after) => before with { Taken = after.Taken })
            .Where(use => use.IsUsed || use.Own + use.Given + use.Taken > 0)];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _counts.Dispose();
        _shares.Dispose();
        _queues.Dispose();
        There.Dispose();
        Entry.Dispose();
    }

    /// <summary>Loads them onto maps that are there.</summary>
    internal static SpreadPrograms Load(IReadOnlyDictionary<string, Descriptor> maps, ILogger logger)
    {
        uint possible = (uint)Failure.Check(LibBpf.PossibleCpus(), "libbpf_num_possible_cpus");
        using var entry = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Spread), EmbeddedObject.Spread, logger);
        entry.Maps[Queues].Resize(Queues, possible);
        entry.Maps[Counts].Resize(Counts, possible);
        entry.Reuse(maps, Queues, Shares, Counts);
        entry.Load();
        using Descriptor counts = entry.TakeMap(Counts);
        using var there = BpfObject.Open(EmbeddedObject.Read(EmbeddedObject.Cpu), EmbeddedObject.Cpu, logger);
        there.Reuse(maps, Counts);
        there.Maps[Counts].Reuse(Counts, counts);
        there.Load();
        return new SpreadPrograms(entry, there);
    }

    private static uint OwnerOf(uint share, IReadOnlyList<int> cpus) =>
        cpus.Count == 0 ? 0 : (uint)cpus[(int)share % cpus.Count] + 1;

    private bool IsRight(uint cpu, int queue) =>
        _queues.TryGet(cpu, out CpuQueueValue held) && held.Room == queue && held.Program == _thereId;

    private CpuUse[] Read(HashSet<uint> owners) =>
        [.. _counts.ReadBelow(Possible, Sum).Select((sum, cpu) => new CpuUse(
            cpu, owners.Contains((uint)cpu + 1), (long)sum.Own, (long)sum.Given, (long)sum.Taken))];

    private static CpuCountsValue Sum(CpuCountsValue[] values)
    {
        CpuCountsValue sum = default;
        foreach (CpuCountsValue value in values)
        {
            sum.Own += value.Own;
            sum.Given += value.Given;
            sum.Taken += value.Taken;
        }

        return sum;
    }
}
