namespace Lb.Kernel;

/// <summary>Where services are forwarded that do not ask for traffic control.</summary>
internal static class HookRule
{
    /// <summary>
    /// Why XDP does not serve; null when it does. It has to be in the drivers of all interfaces: others take nothing that it
    /// redirects to them, and generic XDP drops packets that the host has joined, as they do not fit the MTU when it redirects
    /// them. Who asks for generic XDP has it.
    /// </summary>
    public static string? WhyNotXdp(IEnumerable<Attachment> attachments, AttachMode mode) =>
        mode == AttachMode.Generic
            ? null
            : attachments.FirstOrDefault(attachment => !attachment.Native) is { } other
                ? $"{other.Interface} has no XDP in its driver: {other.Reason}"
                : null;
}
