using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text.Json;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Handover;

/// <summary>Passes messages with bytes and descriptors between two processes of one host.</summary>
internal sealed unsafe class HandoverSocket(Socket socket) : IDisposable
{
    private const int HeaderSize = 3 * sizeof(int);
    private const int MostDescriptors = 2;
    private const int LargestText = 64 * 1024;
    private const int LargestBytes = 64 * 1024 * 1024;
    private const int ControlRoom = 64; // a header and two descriptors, rounded up

    private int Number => (int)socket.SafeHandle.DangerousGetHandle();

    /// <summary>Sends a message, whole.</summary>
    /// <exception cref="KernelException">The other process is gone, or does not read.</exception>
    public void Send(HandoverPart part, ReadOnlySpan<byte> bytes = default, params ReadOnlySpan<int> descriptors)
    {
        byte[] text = JsonSerializer.SerializeToUtf8Bytes(part, HandoverJson.Default.HandoverPart);
        Span<byte> header = stackalloc byte[HeaderSize];
        BinaryPrimitives.WriteInt32LittleEndian(header, text.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[4..], bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header[8..], descriptors.Length);
        SendFirst(header, descriptors);
        SendAll(text);
        SendAll(bytes);
    }

    /// <summary>Waits for the next message.</summary>
    /// <exception cref="KernelException">The other process is gone or silent, or sends something else.</exception>
    public (HandoverPart Part, byte[] Bytes, int[] Descriptors) Receive()
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        int[] descriptors = ReceiveFirst(header);
        try
        {
            int text = BinaryPrimitives.ReadInt32LittleEndian(header);
            int bytes = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            if (text is < 0 or > LargestText || bytes is < 0 or > LargestBytes
                || BinaryPrimitives.ReadInt32LittleEndian(header[8..]) != descriptors.Length)
            {
                throw Broken("a message that makes no sense");
            }

            byte[] json = ReceiveAll(text);
            byte[] payload = ReceiveAll(bytes);
            return (JsonSerializer.Deserialize(json, HandoverJson.Default.HandoverPart)
                ?? throw Broken("an empty message"), payload, descriptors);
        }
        catch (JsonException reason)
        {
            Close(descriptors);
            throw Broken($"a message that cannot be read ({reason.Message})");
        }
        catch
        {
            Close(descriptors);
            throw;
        }
    }

    /// <summary>Process id of the other end, and its user.</summary>
    public (int Process, uint User) Peer()
    {
        LibC.Credentials credentials;
        uint size = (uint)sizeof(LibC.Credentials);
        Failure.CheckErrno(
            LibC.GetOption(Number, LibC.LevelSocket, LibC.PeerCredentials, (int*)&credentials, &size),
            "getsockopt(SO_PEERCRED)");
        return (credentials.Process, credentials.User);
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private static KernelException Broken(string what) => new(
        $"The other lbd has sent {what}.", "Both must be of this project, and not too far apart in version.");

    private static void Close(ReadOnlySpan<int> descriptors)
    {
        foreach (int descriptor in descriptors)
        {
            _ = LibC.Close(descriptor);
        }
    }

    private void SendFirst(ReadOnlySpan<byte> header, ReadOnlySpan<int> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MostDescriptors);
        byte* control = stackalloc byte[ControlRoom];
        new Span<byte>(control, ControlRoom).Clear();
        fixed (byte* start = header)
        {
            LibC.Piece piece = new() { Start = start, Size = HeaderSize };
            LibC.MessageHeader message = new() { Pieces = &piece, PieceCount = 1 };
            if (!descriptors.IsEmpty)
            {
                nuint size = (nuint)(sizeof(LibC.ControlHeader) + (descriptors.Length * sizeof(int)));
                *(LibC.ControlHeader*)control = new LibC.ControlHeader
                {
                    Size = size,
                    Level = LibC.LevelSocket,
                    Type = LibC.PassedDescriptors,
                };
                descriptors.CopyTo(new Span<int>(control + sizeof(LibC.ControlHeader), descriptors.Length));
                message.Control = control;
                message.ControlSize = (size + 7) & ~(nuint)7;
            }

            // So short that it goes whole or not at all.
            Failure.CheckErrno((int)LibC.SendMessage(Number, &message, LibC.NoSignal), "sendmsg");
        }
    }

    private int[] ReceiveFirst(Span<byte> header)
    {
        byte* control = stackalloc byte[ControlRoom];
        fixed (byte* start = header)
        {
            LibC.Piece piece = new() { Start = start, Size = HeaderSize };
            LibC.MessageHeader message = new()
            {
                Pieces = &piece,
                PieceCount = 1,
                Control = control,
                ControlSize = ControlRoom,
            };
            int got = (int)LibC.ReceiveMessage(Number, &message, LibC.CloseOnExecDescriptors);
            Failure.CheckErrno(got, "recvmsg");
            int[] descriptors = Passed(control, message.ControlSize);
            if (got != HeaderSize || (message.Flags & LibC.AncillaryLost) != 0)
            {
                Close(descriptors);
                throw got == 0
                    ? new KernelException("The other lbd has ended in the middle.", "Its log says why.")
                    : Broken("half a message");
            }

            return descriptors;
        }
    }

    private static int[] Passed(byte* control, nuint size)
    {
        if (size < (nuint)sizeof(LibC.ControlHeader))
        {
            return [];
        }

        LibC.ControlHeader* first = (LibC.ControlHeader*)control;
        return first->Level == LibC.LevelSocket && first->Type == LibC.PassedDescriptors
            ? new ReadOnlySpan<int>(
                control + sizeof(LibC.ControlHeader),
                ((int)first->Size - sizeof(LibC.ControlHeader)) / sizeof(int)).ToArray()
            : [];
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            for (int sent = 0; sent < bytes.Length;)
            {
                nint more = LibC.Send(Number, start + sent, (nuint)(bytes.Length - sent), LibC.NoSignal);
                Failure.CheckErrno((int)more, "send");
                sent += (int)more;
            }
        }
    }

    private byte[] ReceiveAll(int size)
    {
        byte[] bytes = new byte[size];
        fixed (byte* start = bytes)
        {
            for (int got = 0; got < size;)
            {
                nint more = LibC.Receive(Number, start + got, (nuint)(size - got), 0);
                Failure.CheckErrno((int)more, "recv");
                if (more == 0)
                {
                    throw new KernelException("The other lbd has ended in the middle.", "Its log says why.");
                }

                got += (int)more;
            }
        }

        return bytes;
    }
}
