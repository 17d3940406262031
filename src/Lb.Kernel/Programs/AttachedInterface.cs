namespace Lb.Kernel.Programs;

/// <summary>An interface that carries the program, with the link open.</summary>
internal sealed class AttachedInterface(Attachment attachment, XdpLink link) : IDisposable
{
    public Attachment Attachment => attachment;

    public XdpLink Link => link;

    public string Name => attachment.Interface;

    public int Index => attachment.InterfaceIndex;

    public void Dispose() => link.Dispose();
}
