namespace Lb.Kernel.Tests.Relays;

/// <summary>Damages bytes.</summary>
internal static class Mutation
{
    private const int MostChanges = 4;

    /// <summary>Bytes with a few changes: some set anew, some taken out, some put in twice, or the end cut off.</summary>
    public static byte[] Of(byte[] bytes, Random random)
    {
        List<byte> changed = [.. bytes];
        for (int i = random.Next(1, MostChanges + 1); i > 0 && changed.Count > 0; i--)
        {
            int at = random.Next(changed.Count);
            int length = random.Next(1, Math.Min(16, changed.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    changed[at] = (byte)random.Next(256);
                    break;
                case 1:
                    changed[at] = random.Next(2) == 0 ? (byte)0 : (byte)0xff;
                    break;
                case 2:
                    changed.RemoveRange(at, length);
                    break;
                case 3:
                    changed.InsertRange(at, changed.GetRange(at, length));
                    break;
                default:
                    changed.RemoveRange(at, changed.Count - at);
                    break;
            }
        }

        return [.. changed];
    }
}
