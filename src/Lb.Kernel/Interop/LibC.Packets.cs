using System.Runtime.InteropServices;

namespace Lb.Kernel.Interop;

/// <summary>Frames as they are on the wire.</summary>
internal static partial class LibC
{
    public const int FamilyPacket = 17; // AF_PACKET

    /// <summary><c>struct sockaddr_ll</c>.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 20)]
    public struct PacketAddress
    {
        public ushort Family;
        public ushort Protocol;
        public int InterfaceIndex;
    }
}
