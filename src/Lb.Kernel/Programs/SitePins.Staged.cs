using System.Globalization;
using Lb.Kernel.Handles;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Programs;

/// <summary>
/// The maps that are to take the place of those in force, and afterwards those that were: <c>maps_next/NAME</c>. Both change places in
/// one step. The directory <c>from_TICK</c> among the maps says that they have, and that <c>maps_next</c> is to be looked at
/// for what came since that tick.
/// </summary>
internal sealed partial class SitePins
{
    private const string Mark = "from_";

    /// <summary>The first kernel that exchanges directories of pins.</summary>
    public static Version OldestThatExchanges { get; } = new(5, 16);

    /// <summary>What an older one refuses.</summary>
    public static StartProblem CannotExchange { get; } = new(
        "This kernel cannot exchange the pins of maps in one step.",
        $"Linux {OldestThatExchanges} or newer can; or remove the running state with lbd --cleanup, which ends its flows.");

    /// <summary>Since when the maps that are not in force any more may hold something newer; null when there are none such.</summary>
    public uint? ReplacedSince => Directory.Exists(Maps) && Directory.Exists(Staged)
        ? Directory.EnumerateDirectories(Maps, $"{Mark}*")
            .Select(path => uint.TryParse(
                Path.GetFileName(path).AsSpan(Mark.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint tick) ? tick : (uint?)null)
            .FirstOrDefault(tick => tick is not null)
        : null;

    /// <summary>Begins a set of maps.</summary>
    /// <param name="tick">Since when those in force may get what these do not have.</param>
    public void BeginStaged(uint tick)
    {
        RemoveStaged();
        Directory.CreateDirectory(Staged);
        Directory.CreateDirectory(Path.Combine(Staged, $"{Mark}{tick}"));
    }

    /// <summary>Adds a map to the set.</summary>
    public void PinStaged(string name, Descriptor map) => Pin(map, Path.Combine(Staged, name));

    /// <summary>Opens a map of the set that is not in force; null when it is not there.</summary>
    public Descriptor? OpenStaged(string name) => Open(Path.Combine(Staged, name));

    /// <summary>Has the two sets of maps change places: whoever looks finds the one or the other whole.</summary>
    public void ExchangeMaps()
    {
        if (LibC.Rename(LibC.CurrentDirectory, Maps, LibC.CurrentDirectory, Staged, LibC.Exchange) == 0)
        {
            return;
        }

        KernelException failed = Failure.Last($"renameat2({Maps}, {Staged}, RENAME_EXCHANGE)");
        throw failed.Errno == (int)Errno.EINVAL
            ? new KernelException(CannotExchange.What, CannotExchange.Mend)
            : failed;
    }

    /// <summary>Removes the set that is not in force, and then what says that there was one.</summary>
    public void RemoveStaged()
    {
        if (Directory.Exists(Staged))
        {
            Directory.Delete(Staged, recursive: true);
        }

        if (Directory.Exists(Maps))
        {
            foreach (string mark in Directory.EnumerateDirectories(Maps, $"{Mark}*").ToArray())
            {
                Directory.Delete(mark);
            }
        }
    }

    /// <summary>Pins a map in place of another; whoever looks finds the one or the other.</summary>
    public void PinMapOver(string name, Descriptor map) => PinOver(map, MapPath(name));
}
