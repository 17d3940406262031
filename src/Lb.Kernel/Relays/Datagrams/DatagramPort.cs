using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What one loop has of a UDP service: a socket at the VIP and port, and the flows of those that come by it.</summary>
internal sealed unsafe class DatagramPort(RelayService service, int socket, int index)
{
    private const int DropsAt = 8; // SK_MEMINFO_DROPS
    private const int Numbers = 9; // SK_MEMINFO_VARS
    private uint _missed;

    public RelayService Service { get; } = service;

    /// <summary>Receives from every client of the loop and answers them.</summary>
    public int Socket { get; } = socket;

    /// <summary>Number in the loop.</summary>
    public int Index { get; } = index;

    public Dictionary<FlowKey, DatagramFlow> Flows { get; } = [];

    /// <summary>When it was last said that a flow cannot be had, in ms of the loop's clock.</summary>
    public long Complained { get; set; } = long.MinValue / 2;

    /// <summary>Counts what the kernel dropped since the last call because the socket's buffer was full.</summary>
    public void CountMissed()
    {
        uint* numbers = stackalloc uint[Numbers];
        uint size = Numbers * sizeof(uint);
        if (LibC.GetOption(Socket, LibC.LevelSocket, LibC.MemoryInformation, (int*)numbers, &size) == 0
            && numbers[DropsAt] != _missed)
        {
            Service.Datagrams!.AddLost(numbers[DropsAt] - _missed);
            _missed = numbers[DropsAt];
        }
    }
}
