using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Lb.Kernel;

namespace Lb.Actors;

/// <summary>Numbers that nodes know things by, and the order in which nodes come for a thing.</summary>
internal static class VoteHash
{
    /// <summary>A service or a backend.</summary>
    public static ulong Of(Endpoint socket)
    {
        ulong one = IdentityHash.Of(IdentityHash.Tail(socket), IdentityHash.Address(socket)).First;
        return socket.IsRange ? Of(one, ((ulong)socket.LastPort << 8) | socket.OpenBits) : one;
    }

    /// <summary>A node, by where it is: one that is started again is asked for the same things.</summary>
    public static ulong Of(string address) =>
        BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(address)));

    /// <summary>
    /// How much a node wants a thing; the highest come first. Rendezvous hashing (Thaler, Ravishankar 1998): a node that
    /// comes or goes moves its own share alone.
    /// </summary>
    public static ulong Weight(ulong node, ulong thing) =>
        IdentityHash.Of((uint)thing, ((UInt128)node << 64) | thing).Second;

    /// <summary>A backend of a service as one thing.</summary>
    public static ulong Of(ulong service, ulong backend) => unchecked((service * 0x9E3779B97F4A7C15UL) ^ backend);
}
