using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Lb.Kernel.Interop;

/// <summary>What libbpf has to say goes to the logger of whoever called it, not to stderr.</summary>
internal static unsafe class LibBpfLog
{
    private const int Warning = 0;
    private const int Information = 1;
    private const int Longest = 2048;

    /// <summary>libbpf calls back on the thread that called it.</summary>
    [ThreadStatic]
    private static ILogger? t_logger;

    static LibBpfLog() => LibBpf.SetPrint(&Print);

    /// <summary>Sends libbpf's messages of this thread to a logger until disposed.</summary>
    public static Scope To(ILogger logger)
    {
        ILogger? before = t_logger;
        t_logger = logger;
        return new Scope(before);
    }

    // A va_list is passed by address on the ABIs that Lb runs on (x86-64 and arm64).
    [UnmanagedCallersOnly]
    private static int Print(int level, byte* format, void* arguments)
    {
        if (t_logger is not { } logger || level > Information)
        {
            return 0;
        }

        byte* buffer = stackalloc byte[Longest];
        int length = Math.Min(LibC.Format(buffer, Longest, format, arguments), Longest - 1);
        if (length > 0)
        {
            string text = Encoding.UTF8.GetString(buffer, length).TrimEnd();
            if (level == Warning)
            {
                Log.LibBpfWarned(logger, text);
            }
            else
            {
                Log.LibBpfSaid(logger, text);
            }
        }

        return 0;
    }

    internal readonly ref struct Scope(ILogger? before)
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        public void Dispose() => t_logger = before;
    }
}
