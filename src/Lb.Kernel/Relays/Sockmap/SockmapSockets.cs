using Lb.Kernel.Interop;

namespace Lb.Kernel.Relays;

/// <summary>What is asked of sockets that the kernel writes to by itself.</summary>
internal static unsafe class SockmapSockets
{
    private const int InformationSize = LibC.TcpBytesAckedAt + sizeof(ulong);
    private const int MostTries = 4;

    /// <summary>By which the kernel's programs know a socket; 0 when it cannot be told.</summary>
    public static ulong Cookie(int socket)
    {
        ulong cookie = 0;
        uint size = sizeof(ulong);
        return LibC.GetOption(socket, LibC.LevelSocket, LibC.Cookie, (int*)&cookie, &size) < 0 ? 0 : cookie;
    }

    /// <summary>
    /// Bytes that were written to a socket since it was made, but for a constant. While others write, and while an
    /// acknowledgement comes in between the two calls, it is less than that, never more.
    /// </summary>
    public static long Written(int socket)
    {
        long acknowledged = Acknowledged(socket);
        return acknowledged < 0 ? -1 : acknowledged + Queued(socket);
    }

    /// <summary>The same, certain, while nobody writes.</summary>
    /// <returns>Whether it could be told.</returns>
    public static bool TryReadWritten(int socket, out long written)
    {
        for (int i = 0; i < MostTries; i++)
        {
            long before = Acknowledged(socket);
            int queued = Queued(socket);
            written = before + queued;
            if (before < 0 || queued < 0)
            {
                return false;
            }

            if (Acknowledged(socket) == before)
            {
                return true;
            }
        }

        written = 0;
        return false;
    }

    /// <summary>
    /// Waits for whoever has a socket locked, which is whoever runs the program on what it receives; and has the program run
    /// on what came before the program did.
    /// </summary>
    public static void Kick(int socket)
    {
        int least = 1;
        _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.ReceiveLowWater, &least, sizeof(int));
    }

    /// <summary>Makes room in a socket's send buffer, so that what waits for it is written whether its peer reads or not.</summary>
    /// <returns>What it had before.</returns>
    public static int MakeRoom(int socket, int more)
    {
        int size = 0;
        uint length = sizeof(int);
        if (LibC.GetOption(socket, LibC.LevelSocket, LibC.SendBuffer, &size, &length) < 0)
        {
            return 0;
        }

        SetRoom(socket, size + (2 * more));
        return size;
    }

    /// <summary>Gives a socket the buffer that it had, and lets the kernel size it again.</summary>
    public static void ReturnRoom(int socket, int size)
    {
        int unlocked = 0;
        SetRoom(socket, size);
        _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.BufferLock, &unlocked, sizeof(int));
    }

    private static void SetRoom(int socket, int size)
    {
        int half = size / 2; // The kernel takes twice what it is told.
        _ = LibC.SetOption(socket, LibC.LevelSocket, LibC.SendBufferForce, &half, sizeof(int));
    }

    private static int Queued(int socket)
    {
        int queued = 0;
        return LibC.Control(socket, LibC.OutputQueue, &queued) < 0 ? -1 : queued;
    }

    private static long Acknowledged(int socket)
    {
        byte* information = stackalloc byte[InformationSize];
        uint size = InformationSize;
        return LibC.GetOption(socket, LibC.LevelTcp, LibC.TcpInformation, (int*)information, &size) < 0
            || size < InformationSize
            ? -1
            : *(long*)(information + LibC.TcpBytesAckedAt);
    }
}
