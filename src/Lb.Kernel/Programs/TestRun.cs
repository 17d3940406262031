namespace Lb.Kernel;

/// <summary>What an XDP program returns (<c>enum xdp_action</c>).</summary>
public enum XdpAction
{
    /// <summary>The program failed; the packet is dropped.</summary>
    Aborted = 0,

    /// <summary>Dropped.</summary>
    Drop = 1,

    /// <summary>Handed to the host's stack.</summary>
    Pass = 2,

    /// <summary>Sent out where it came in.</summary>
    Transmit = 3,

    /// <summary>Sent out of another interface.</summary>
    Redirect = 4,
}

/// <summary>What became of a packet in a test run.</summary>
/// <param name="Action">What the program returned.</param>
/// <param name="Packet">The frame as the program left it.</param>
/// <param name="Nanoseconds">Time of one run, averaged over the repetitions.</param>
public sealed record TestRun(XdpAction Action, byte[] Packet, int Nanoseconds);
