namespace Lb.Kernel;

/// <summary>How the XDP program is attached to an interface.</summary>
/// <param name="Interface">Interface name.</param>
/// <param name="InterfaceIndex">Interface index.</param>
/// <param name="Native">In the driver; otherwise generic.</param>
/// <param name="Reason">Why it is generic; null when native.</param>
public sealed record Attachment(string Interface, int InterfaceIndex, bool Native, string? Reason);
