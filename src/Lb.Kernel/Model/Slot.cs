using System.Runtime.InteropServices;
using Lb.Kernel.Layout;

namespace Lb.Kernel;

/// <summary>One entry of a Maglev table, in the kernel's layout (<c>struct lb_slot</c>).</summary>
/// <remarks>
/// A slot is clean while <see cref="Previous"/> is 0. A moved slot sends flows older than the change to
/// <see cref="Previous"/>, new ones to <see cref="Current"/>.
/// </remarks>
[BtfType("lb_slot")]
[StructLayout(LayoutKind.Sequential)]
public readonly record struct Slot
{
    private const uint WindowOverFlag = (uint)SlotFlags.WindowOver;

    // The order of the fields is the layout.
    private readonly uint _current;
    private readonly uint _previous;

    /// <summary>Makes a slot.</summary>
    /// <param name="current">Backend index of new flows; 0 while the service has no backend.</param>
    /// <param name="previous">Backend index of older flows; 0 for a clean slot.</param>
    /// <param name="windowOver">The time in which an unknown flow counts as older is over.</param>
    public Slot(uint current, uint previous = 0, bool windowOver = false)
    {
        _current = current;
        _previous = previous == 0 ? 0 : previous | (windowOver ? WindowOverFlag : 0);
    }

    /// <summary>Backend index of new flows.</summary>
    public uint Current => _current;

    /// <summary>Backend index of flows older than the last change; 0 for a clean slot.</summary>
    public uint Previous => _previous & ~WindowOverFlag;

    /// <summary>A flow not in the flow table goes to <see cref="Current"/>.</summary>
    public bool WindowOver => (_previous & WindowOverFlag) != 0;

    /// <summary>No flow older than a change can be on this slot.</summary>
    public bool IsClean => _previous == 0;
}
