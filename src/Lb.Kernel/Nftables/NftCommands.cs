using System.Runtime.InteropServices;
using Lb.Kernel.Interop;

namespace Lb.Kernel.Nftables;

/// <summary>Gives commands to nftables, in the network namespace of the calling thread.</summary>
internal static class NftCommands
{
    /// <summary>Carries out commands, all or none.</summary>
    /// <param name="commands">In the language of <c>nft</c>.</param>
    /// <param name="what">What they do, for the message when they fail.</param>
    /// <exception cref="KernelException">The kernel refused them, or the library is not there.</exception>
    public static void Run(string commands, string what)
    {
        if (Try(commands, out _, out string error) != 0)
        {
            throw new KernelException(
                $"nftables refused to {what}: {FirstLine(error)}.",
                "The kernel needs CONFIG_NF_TABLES, CONFIG_NFT_TPROXY and CONFIG_NFT_SOCKET, and the process "
                + "CAP_NET_ADMIN.");
        }
    }

    /// <summary>What a command tells; null when it fails, as for a table that is not there.</summary>
    public static string? Ask(string command) => Try(command, out string output, out _) == 0 ? output : null;

    private static int Try(string commands, out string output, out string error)
    {
        nint context;
        try
        {
            context = LibNftables.Create(LibNftables.Default);
        }
        catch (DllNotFoundException)
        {
            throw new KernelException(
                "The library libnftables.so.1 was not found: services with mode = tproxy need it.",
                "Install it: on Debian, apt-get install libnftables1.");
        }

        if (context == 0)
        {
            throw Failure.Of("nft_ctx_new", Errno.ENOMEM);
        }

        try
        {
            _ = LibNftables.BufferOutput(context);
            _ = LibNftables.BufferError(context);
            int result = LibNftables.Run(context, commands);
            output = Marshal.PtrToStringUTF8(LibNftables.Output(context)) ?? "";
            error = Marshal.PtrToStringUTF8(LibNftables.Error(context)) ?? "";
            return result;
        }
        finally
        {
            LibNftables.Free(context);
        }
    }

    private static string FirstLine(string text) => text.Split('\n')[0].TrimEnd('.');
}
