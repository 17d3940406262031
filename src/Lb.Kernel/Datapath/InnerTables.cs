using Lb.Kernel.Handles;
using Lb.Kernel.Interop;
using Lb.Kernel.Maps;
using Lb.Kernel.Programs;

namespace Lb.Kernel.Datapath;

/// <summary>The inner maps of tables: made, opened again, forgotten.</summary>
/// <remarks>
/// <para>
/// Opening one by its id takes CAP_SYS_ADMIN. With a place for pins each is pinned under its id, and opened from there:
/// what lb_tables names by id is found under that id or not at all, so the two cannot disagree.
/// </para>
/// <para>
/// An inner map is pinned before it is put into lb_tables, and its pin goes after it was taken out: a crash leaves at
/// most a pin that no table uses, which the next start removes.
/// </para>
/// </remarks>
/// <param name="pins">Where they are pinned; null for tables that do not outlive the process.</param>
internal sealed class InnerTables(SitePins? pins)
{
    /// <summary>Makes one that is empty.</summary>
    /// <param name="length">Number of slots.</param>
    /// <param name="id">The kernel's id of it.</param>
    public SlotArray Create(int length, out uint id)
    {
        var made = SlotArray.Create(length);
        try
        {
            id = made.ReadId();
            pins?.PinTable(id, made.Descriptor);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens one that is in lb_tables; null when its pin is gone and this process may not open it otherwise. To whoever
    /// writes tables it is then as if it were not there, and another takes its place.
    /// </summary>
    public SlotArray? Open(uint id) => (pins?.OpenTable(id) ?? TryOpenById(id)) is { } opened ? SlotArray.Of(opened) : null;

    /// <summary>Ids of those that are pinned.</summary>
    public IReadOnlyList<uint> Pinned() => pins?.PinnedTables() ?? [];

    /// <summary>What is wrong with the pin of one that is in lb_tables; null when nothing is.</summary>
    public string? FindPinProblem(uint id) => pins is null
        ? null
        : SetupCheck.CheckPin(() => pins.OpenTable(id), pinned => BpfMap.Describe(pinned, SlotArray.MapName).Id == id);

    /// <summary>Pins one that is in lb_tables in place of whatever is there.</summary>
    /// <returns>False when this process may not open it.</returns>
    public bool TryPin(uint id)
    {
        using Descriptor? found = TryOpenById(id);
        if (found is not null)
        {
            pins!.RemoveTable(id);
            pins.PinTable(id, found);
        }

        return found is not null;
    }

    /// <summary>Removes the pin of one that is in lb_tables no more.</summary>
    public void Forget(uint? id)
    {
        if (id is not null)
        {
            pins?.RemoveTable(id.Value);
        }
    }

    /// <summary>Pins those in use that are not, as an older version left them, and removes the pins of others.</summary>
    /// <exception cref="KernelException">One is not pinned, and this process may not open it.</exception>
    public void Adopt(IReadOnlyCollection<uint> inUse)
    {
        if (pins is null)
        {
            return;
        }

        IReadOnlyList<uint> pinned = pins.PinnedTables();
        foreach (uint id in inUse.Except(pinned))
        {
            if (!TryPin(id))
            {
                throw MayNotOpen(id);
            }
        }

        foreach (uint id in pinned.Except(inUse))
        {
            pins.RemoveTable(id);
        }
    }

    /// <summary>Why one that is not pinned cannot be pinned.</summary>
    public static KernelException MayNotOpen(uint id) => Failure.Of(
        CallFor(id),
        Errno.EPERM,
        "A table of the running state is not pinned, because its pin was removed or an older version made it; opening it "
        + "takes CAP_SYS_ADMIN. Start lbd once as root, which pins it, or remove the state with lbd --cleanup, which "
        + "ends its flows.");

    private static Descriptor? TryOpenById(uint id)
    {
        int result = LibBpf.MapById(id);
        return result == -(int)Errno.EPERM ? null : Descriptor.FromLibBpf(result, CallFor(id));
    }

    private static string CallFor(uint id) => $"bpf_map_get_fd_by_id({id})";
}
