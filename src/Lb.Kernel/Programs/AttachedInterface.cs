namespace Lb.Kernel.Programs;

/// <summary>An interface of the site; where it carries the XDP program, with the link open.</summary>
internal sealed class AttachedInterface(Attachment attachment, XdpLink? link) : IDisposable
{
    public Attachment Attachment => attachment;

    /// <summary>Null where XDP is not attached.</summary>
    public XdpLink? Link => link;

    public string Name => attachment.Interface;

    public int Index => attachment.InterfaceIndex;

    public void Dispose() => link?.Dispose();
}
