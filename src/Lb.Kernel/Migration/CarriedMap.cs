using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;

namespace Lb.Kernel.Migration;

/// <summary>A map that is carried over into another.</summary>
/// <param name="change">How.</param>
/// <param name="old">The one that is there; closed with this object.</param>
/// <param name="made">The other; closed with this object.</param>
internal class CarriedMap(MapChange change, Descriptor old, Descriptor made) : IDisposable
{
    /// <summary>Its name.</summary>
    public string Name => change.Name;

    /// <summary>Entries that came while the old program was still at work, and did not fit.</summary>
    public long Lost { get; protected set; }

    /// <summary>The one that is there.</summary>
    protected RawMap Old { get; } = new(change.Name, old);

    /// <summary>The other.</summary>
    protected RawMap Made { get; } = new(change.Name, made);

    /// <summary>What the other is made with.</summary>
    protected MapShape MadeShape => MapShape.Of(Made.Info);

    /// <summary>How its elements are carried.</summary>
    protected ElementConversion Elements => field ??= new ElementConversion(change, Old, MadeShape);

    /// <summary>How it is carried.</summary>
    protected MapChange Change => change;

    /// <summary>Copies everything.</summary>
    /// <returns>Entries that were copied, and those of them that had to make room for others.</returns>
    /// <exception cref="KernelException">Something does not fit.</exception>
    public virtual (long Copied, long Evicted) Copy()
    {
        long copied = 0;
        Old.Scan((keys, values, count) => copied += Write(keys, values, count, only: null));
        return (copied, copied - CountThere(copied));
    }

    /// <summary>Copies what came since, while the old program was still at work.</summary>
    /// <param name="since">Tick of the first copy.</param>
    /// <returns>Entries that were copied.</returns>
    public virtual long CatchUp(uint since) => 0;

    /// <inheritdoc/>
    public void Dispose()
    {
        old.Dispose();
        made.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Converts one element; throws for what does not fit.</summary>
    protected void Convert(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, Span<byte> newKey, Span<byte> newValue)
    {
        if (Elements.Convert(key, value, newKey, newValue) is { } problem)
        {
            throw Refused(problem);
        }
    }

    /// <summary>The exception for what cannot be carried over.</summary>
    protected KernelException Refused(string why) => MigrationPlan.CannotAdopt(Name, why);

    /// <summary>Counts what the other has now; throws when it lacks what it should have.</summary>
    /// <param name="copied">Entries that were put into it.</param>
    protected long CountThere(long copied)
    {
        long there = Math.Min(copied, MapDetails.Count(Name, Made.Descriptor, Made.Info) ?? copied);
        return RoomRule.FindProblem(change, MapShape.Of(Old.Info), MadeShape, copied, there) is { } problem
            ? throw Refused(problem)
            : there;
    }

    /// <summary>Converts elements and writes them.</summary>
    protected int Write(ReadOnlySpan<byte> keys, ReadOnlySpan<byte> values, int count, ElementConversion.Choice? only)
    {
        var newKeys = new byte[count * Elements.KeySize];
        var newValues = new byte[count * Elements.ValueSize];
        int chosen = Elements.ConvertAll(keys, values, count, only, newKeys, newValues, out string? problem);
        if (problem is not null)
        {
            throw Refused(problem);
        }

        (int written, Errno errno) = Made.SetAll(newKeys, newValues, chosen);
        if (written < chosen || errno != default)
        {
            throw errno is Errno.E2BIG or Errno.ENOSPC
                ? Refused(RoomRule.Full(MadeShape))
                : Failure.Of($"bpf_map_update_batch({Name})", errno);
        }

        return chosen;
    }
}
