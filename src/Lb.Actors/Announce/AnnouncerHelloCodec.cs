using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace Lb.Actors;

/// <summary>
/// The bytes of <see cref="AnnouncerHello"/>, big-endian. What is behind them is left to later versions; what is of
/// another version, or damaged, says nothing.
/// </summary>
internal static class AnnouncerHelloCodec
{
    /// <summary>No message is longer: so it fits into one of the cluster's.</summary>
    public const int Longest = 900;

    private const byte Version = 1;
    private const int Header = 13;
    private const int SightSize = 5;
    private const int MostSights = 60;
    private const int ClaimSize = 9;
    private const byte Able = 1;
    private const byte Six = 1;
    private const byte Offered = 2;
    private static readonly TimeSpan AgeUnit = TimeSpan.FromMilliseconds(10);

    /// <summary>How many sights a message takes.</summary>
    public static int RoomForSights => MostSights;

    /// <summary>How many claims to VIPs of IPv6 a message takes beside all sights; of IPv4 there is room for more.</summary>
    public static int RoomForClaims => (Longest - Header - (MostSights * SightSize) - 4) / (ClaimSize + 16);

    /// <summary>Writes a message and returns its bytes.</summary>
    /// <exception cref="ArgumentException">It is too long.</exception>
    public static byte[] Write(AnnouncerHello hello)
    {
        using MemoryStream stream = new();
        using BinaryWriter to = new(stream);
        to.Write(Version);
        to.Write(hello.IsAble ? Able : (byte)0);
        Write(to, hello.Life);
        Write(to, hello.Round);
        to.Write(hello.Part);
        to.Write(hello.Parts);
        to.Write(checked((byte)hello.Seen.Length));
        foreach (HelloSight sight in hello.Seen)
        {
            Write(to, sight.Node);
            to.Write((byte)Math.Min(Math.Ceiling(sight.Age / AgeUnit), byte.MaxValue));
        }

        Write(to, checked((ushort)hello.Claims.Length));
        foreach (HelloClaim claim in hello.Claims)
        {
            Write(to, claim.Vip, claim.Term, claim.IsOffered);
        }

        Write(to, checked((ushort)hello.Others.Length));
        foreach (VipClaim claim in hello.Others)
        {
            Write(to, claim.Vip, claim.Term, claim.IsOffered);
            byte[] holder = Encoding.UTF8.GetBytes(claim.Holder ?? string.Empty);
            to.Write(checked((byte)holder.Length));
            to.Write(holder);
        }

        return stream.Length <= Longest
            ? stream.ToArray()
            : throw new ArgumentException($"{stream.Length} bytes are more than {Longest}", nameof(hello));
    }

    /// <summary>Reads a message; null when it is none that this version knows.</summary>
    public static AnnouncerHello? Read(ReadOnlySpan<byte> from)
    {
        Reader reader = new(from);
        if (!reader.TryByte(out byte version) || version != Version
            || !reader.TryByte(out byte flags)
            || !reader.TryUInt32(out uint life)
            || !reader.TryUInt32(out uint round)
            || !reader.TryByte(out byte part)
            || !reader.TryByte(out byte parts)
            || part >= parts
            || !TryReadSights(ref reader, out ImmutableArray<HelloSight> seen)
            || !TryReadClaims(ref reader, out ImmutableArray<HelloClaim> claims)
            || !TryReadOthers(ref reader, out ImmutableArray<VipClaim> others))
        {
            return null;
        }

        return new AnnouncerHello
        {
            Life = life,
            Round = round,
            Part = part,
            Parts = parts,
            IsAble = (flags & Able) != 0,
            Claims = claims,
            Seen = seen,
            Others = others,
        };
    }

    private static bool TryReadSights(ref Reader reader, out ImmutableArray<HelloSight> seen)
    {
        seen = [];
        if (!reader.TryByte(out byte count))
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<HelloSight>(count);
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryUInt32(out uint node) || !reader.TryByte(out byte age))
            {
                return false;
            }

            read.Add(new HelloSight(node, age * AgeUnit));
        }

        seen = read.MoveToImmutable();
        return true;
    }

    private static bool TryReadClaims(ref Reader reader, out ImmutableArray<HelloClaim> claims)
    {
        claims = [];
        if (!reader.TryUInt16(out ushort count))
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<HelloClaim>();
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryClaim(out HelloClaim claim))
            {
                return false;
            }

            read.Add(claim);
        }

        claims = read.ToImmutable();
        return true;
    }

    private static bool TryReadOthers(ref Reader reader, out ImmutableArray<VipClaim> others)
    {
        others = [];
        if (!reader.TryUInt16(out ushort count))
        {
            return false;
        }

        var read = ImmutableArray.CreateBuilder<VipClaim>();
        for (int i = 0; i < count; i++)
        {
            if (!reader.TryClaim(out HelloClaim claim)
                || !reader.TryByte(out byte length)
                || !reader.TryBytes(length, out ReadOnlySpan<byte> holder))
            {
                return false;
            }

            read.Add(new VipClaim(claim.Vip, holder.IsEmpty ? null : Encoding.UTF8.GetString(holder), claim.Term)
            {
                IsOffered = claim.IsOffered,
            });
        }

        others = read.ToImmutable();
        return true;
    }

    private static void Write(BinaryWriter to, IPAddress vip, long term, bool offered)
    {
        byte[] address = vip.GetAddressBytes();
        to.Write((byte)((address.Length == 16 ? Six : 0) | (offered ? Offered : 0)));
        to.Write(address);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, term);
        to.Write(bytes);
    }

    private static void Write(BinaryWriter to, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        to.Write(bytes);
    }

    private static void Write(BinaryWriter to, ushort number)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(bytes, number);
        to.Write(bytes);
    }

    private ref struct Reader(ReadOnlySpan<byte> from)
    {
        private ReadOnlySpan<byte> _rest = from;

        public bool TryBytes(int count, out ReadOnlySpan<byte> bytes)
        {
            bytes = default;
            if (_rest.Length < count)
            {
                return false;
            }

            bytes = _rest[..count];
            _rest = _rest[count..];
            return true;
        }

        public bool TryByte(out byte number)
        {
            bool read = TryBytes(1, out ReadOnlySpan<byte> bytes);
            number = read ? bytes[0] : default;
            return read;
        }

        public bool TryUInt16(out ushort number)
        {
            bool read = TryBytes(2, out ReadOnlySpan<byte> bytes);
            number = read ? BinaryPrimitives.ReadUInt16BigEndian(bytes) : default;
            return read;
        }

        public bool TryUInt32(out uint number)
        {
            bool read = TryBytes(4, out ReadOnlySpan<byte> bytes);
            number = read ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : default;
            return read;
        }

        public bool TryClaim(out HelloClaim claim)
        {
            claim = default;
            if (!TryByte(out byte flags)
                || !TryBytes((flags & Six) != 0 ? 16 : 4, out ReadOnlySpan<byte> address)
                || !TryBytes(8, out ReadOnlySpan<byte> term))
            {
                return false;
            }

            claim = new HelloClaim(
                new IPAddress(address), BinaryPrimitives.ReadInt64BigEndian(term), (flags & Offered) != 0);
            return true;
        }
    }
}
