namespace Lb.Kernel;

/// <summary>How an interface carries the XDP program.</summary>
public enum AttachedXdp
{
    /// <summary>Not at all: its packets are taken at traffic control.</summary>
    None,

    /// <summary>In the kernel's stack.</summary>
    Generic,

    /// <summary>In the driver.</summary>
    Native,
}

/// <summary>How the XDP program is attached to an interface.</summary>
/// <param name="Interface">Interface name.</param>
/// <param name="InterfaceIndex">Interface index.</param>
/// <param name="Xdp">Where the program is.</param>
/// <param name="Reason">Why it is not in the driver; null when it is.</param>
public sealed record Attachment(string Interface, int InterfaceIndex, AttachedXdp Xdp, string? Reason)
{
    /// <summary>The program is in the driver.</summary>
    public bool Native => Xdp == AttachedXdp.Native;
}
