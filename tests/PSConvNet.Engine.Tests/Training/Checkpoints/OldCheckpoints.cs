using System.IO.Compression;

namespace PSConvNet.Tests.Training.Checkpoints;

/// <summary>
/// Checkpoints as versions before November 2026 wrote them: the files themselves, compressed with gzip, of a dense layer that had been trained on
/// <see cref="Data"/> for two epochs and two batches.
/// </summary>
internal static class OldCheckpoints
{
    // SGD with momentum, ReduceOnPlateau, a validation split, early stopping and the best epoch's weights.
    private const string Best = """
        H4sIAAAAAAACA8VYTWwkRxWeZNkVMYoiJcuKwwomreVAmB3VT3d1t7XxyBuvA/tDrEwWJYosq7q72tNxT/eou8ZeY3wNRyTEASUI
        DggJIRE4LKCQ3ZkgUFYKHBAJ7IGICHFCAiRy4RAJeNU9/TM/djZwoOyWPa9evXr11Xvfez0bV0585HQjH4826B8f+FlystFQzxJI
        +rEnwvYLaRwdLDWbmh8nfS615aY2SN042o2EPJ+paK1q+osiSYM4Ai2cSSPeF2pJ2ufhRDGIBkPZ7fGBmnietJrwizezqXgo63M0
        l0bKchh8icvcsvIGxOnQkQl3lUeolYu8YDfw1FJiGCA5zJa7IU/TL4AfqbKZK8p4oE3W9APPC0XxyYmljPsafMj3ToXwysPAdkEk
        vEuD2O0pYySTDngCxiUcXCkamSzk+/nnfL/cY5DvBJEyp62HXEoRTXatcIqGYZiJDluLF66JKBXVsmEUSLUNLSUASLBbIKV1Y1/2
        +Y3aglRcDLhaIpOhKMUB2AkUxiJRy54M4ySW16NAXWq1OCQV1ot8LlGLd0WyG4i9eQCKePBzALZwZX3m8vXNcmYKYbQQn8Kup/A5
        xio9wio2Zo4wiNNAobjgEusxkQmECoipWwAVhb9VAdzn21kA2pWOFIN0SineywyjGVeSYe7FZhWEQbS9EdwQYVqlQ7kDJkVkC66c
        QG3dNDHRsUURYgZlk+lU8sjjibcmdoMiYFCbWATpGCOMbAYPLmzxG0F/2M9UbGwy3USGZRFqEFsvko8nO59XTmRK1KA2wQazGDF1
        ozDjJMF2T1ZaBltoKoh2yoOpVSF3dzJ9ZNHpUcW9vORlRqtrCeNou5vzwbywO0gE96biuQ888WzuFiYGoGDYjCngpjSeyyEFjAxC
        bJNiE5mWbUzpVMbbmGJsU2bbBkVMt2yzUsyIp1Itb/1w6XBpY4qZ17Rbzb/Cf+p5BJ49oWBM2yn3IYCjNE7S702UD7StLYhq7nHJ
        t7a05YOSt7WB1A5bRYa0nYwGDjRP7qvU0NYp0VpamieKyhMtMxH7fioUxzyPWphs1gzkThxjoqXPG4HgZGjz8LD5yVfff/zd/fdW
        Hr75ifGZb5wb/+1T652bNx/qrHUeGD929uWVX77w2K27dmv88rXLncb5eNT+2F9G7w9IZ3zi7dE0ON0/XNv4+kcbDfU8CJIiQY6v
        XG5PuDuDOIjkceUrHhQcMMmyRLhBxiTaM0MZJ8CZReUQRVUogtjh0u11gVJrMmWvP2HZOW7vPrlW8VY/7otIFhlXca4A2kjiXRD7
        PEwrBg8FT9Spn+YyT60qavOLWhMu35/lTy0FHLxhKBb58zTMuOKpaAO4WvBh5ZsPRSZO8kyp0akMROSKqZSSvUSkvTjMcwEhVHnl
        xiCO96LpFISbA5pZLzeYcpZDWQHmKE8yEYdxqnDXnkjgn0uRTOLBfnErIXdE2O3HsewBOLVFfLitAC6ITxWxycwu1EEvk3cHYSBz
        Vpycs37KCfdASKTgrLgIf6bK6kyd0AYqdibRBQ1AzKVKl6USJ+5l7F32LTVZXpGOWp/lWBWiRSm8yKGyFa7EwyRzGujJE01nvyl7
        oinB5UplUUe2sK6AJjGYMubqHBFmCSJshxu2Q21GmWN6zLItCjWEC9/FnnA8YEuhGx4zOOFYcFcVB5MjrTxsBXrtMqYLa55QZdtV
        L7FZCHSzZLHaTJUT09SheBE7X+nGCYAni0TM7XYFcEGGbxaZVLcYqgaebFLX0YHHzVwueSKFt5qRCgEMzmN8ntjPELyMjWVE2xjp
        JkXkswgtI5Tf0jaE7/VBPXHnsw+CCXJO1ihInRuu6Woe47idFSUKADML6TqzS7Kp2tIixIsMuyp8OcmlHOwPNDghs24AkT6J68xo
        kYHdSeuSC3uBSoD9+UapuL569Z3sSk2iE2obuqHbqIisrH11h9DU7+cUNjNKrSpaymMQuB5sYd3EUJDLTmJKd7Vm+154c/ry4fap
        PtPPbYgkjyIVlchkrI2oYdsAI5xtYZ9aQELmISHIhlXQSkD46qauL8aEzIzjMFkcK0di0qZHNVf3DhI2sGXXhnEMYoZNdLttIEYM
        4AfdMI9qwVdlV+Xb/9KJo3vpxNkHdeI7QgzyMnIwU/RxyfkFHLWKAi+gsqD2ud7uqeY/PvPs/Y2Gek7X25dac/ebsrlzsmw8suUi
        i9s2S/Vtma9baY7kh7EA61tA+MpG2b+0r5X9yYcxBWZa1NJVA6jGExdWx79789OdFfxI5++vnR6Hj+6svHH3zu0zZ/H4m/9+rvPS
        x9dv/+LLe6Mf/p524uidUWNmXPjq5QvnXv3Vyrce/O3c3L2M//f+X/n5qfHVu2fHN975zuNXX1kfrfzrtdFP3nt39OJbe7d/dOfH
        K9993et0ey92fv3mt2+d+dO5uT2+9oN/jt6488ro+8vdzn+z/3Qk7vy5b16+r9FQj/r+p/u5Vbiv7vVrXWz6jFOdO8T0TcPlrudz
        Xdc5IUy4jucyeNHzOdR94VFs+NR0GDNdE7SRoJ6Lms3qu6QlLGxdOIS7xMGYGr7DXWYRmxk29BHQWXDmAI+4JrIEotAnOL5vU0On
        QhcUegcwtuD1ZwloDnFquwQqCnY9ZiLgUt1zBHKgEGOfWa4Hx0CKlHwd+y4SjjBAy7IcizG92Zx6b1hywT3L031gcuEy1+IEUWHb
        whaegWxDuECoDBRc7tjcho/IRpaH4VyGwNxiNXt1Nzeu3Hf/6RNHf+c2PSrUZtfNvhFW46WTC98PZw3MvjVV46enZt6hZpfOMlY1
        dh9azF+zFmYjrTYersfdxpWTp5TwJPy0QTfJjvof2vxpHbYUAAA=
        """;

    // Adam, OneCycle and averaged weights.
    private const string Averaged = """
        H4sIAAAAAAACA8VYbYzcRhm+kKSCk2ggBAhVEVsLUqB7i2dsj2c2Ya+X5FLSpHCwSUQp0TG2x3fOee2t7b3kEu5Pq4YKwY9KRQKq
        UIpUFAgf6o8g2nB7iF8gKFTi6w9QoaYBoQoon/1RVbxjr9fej1xJ+MHcWXf7zjvPvH7m/ZqdO7R5y46JbNwycXnylbPx1okJ+UyC
        pBU6wq+diMPgzGSlorhh1OKJUq8o7dgOg+VAJFOpilItpo+JKPbCALRQKg14S8glcYv7PUUvaHeS5iJvy4l7cLUCv+h4OhV2kvKc
        lkkDiex7p3mSIUtrQBx3rCTitrRIrWYix1v2HLkUGwZIVtPlts/j+INgRywxM8UkbCu9NS3PcXyRf7LCJAlbCnzI9o6FcPovA9t5
        gXBm26G9KMFwKm3zCMATeHGpaKQyn69kn7P9MotBvuQFEk454PMkEUFv14KnoOP7qWi1On7hfhHEoljWCbxEbqP1JUCIt5wzpTRD
        N2nxU6UFsdjrcbkkiTqiL/YAx5Mci0guu8MPozA5GnjyUIvFPi64Hmdzn7VwWUTLnjg5SkDuD25GwDwq0IcOXz/enxlgWB3LT47r
        SH42QNWugoqMoVdoh7EnWRxziGWfSAVCOsTAKYCK5J8WBLf4QuqACBdKiWjHA1rhyRRZHbIl6mRmHC+80AsW5rxTwo+LeBjZQmkJ
        Lq1Qa7ppIqwjqqkqMTTSm44THjg8cvaLZS/3GLWGKVZ1hFSkMgIPyrH4Ka/VaaUqDJlEN1WDUqwZmOl59PFo6aA0IlXSDI1hZBBK
        sKkbOYwVeQuLSaFlkLFQXrDUfzG5yuf2UqqvUm1wFI6fzDopaHEufhgsNLOEMCpstiPBnQGHbkGi+GhmFsIGsGAwQiRxAxp3Z5QC
        RwbGzNSQqZqUGQM6BXgNaQgxjTBmaCrRKTMLxTTzFKr9U1+dXJ2cG0jNtz/7rpdegP/k8yZ4TgpJY1yLuQseHMRhFJ/vKZ9R5ufB
        rbnDEz4/r9TP9BO30k6U1WoeIjUrzQNnFCdZkbGhHNCwUlXiLFJkoCgpROi6sZBJ5h61ivDxEkBmxAYQVX0UBJyTqMdXVyu//tWn
        6vsqX9h98U/Llx7be3T95Y9tn/5S9dbpp5Wb1o2Xzq3tPXile3H/7Ppf99nTj174ZuOTdKZxi6FPf+aVy91Bck7M/O3S2ddOTMjn
        9SDJA2Tj0mUvCnupHXpBslH9Ctt5EuhFWSRsL00lypFOEkaQNPPSIfKykDuxxRN7sQk5tSSTeK1emh1J7jMOL2VbCw4RZfE2IMOZ
        jLFS/ok9PzN6dkot0okveCSJ+AhPsmhT1cKVs9PbL2y+MpxVlRjIcTq+GGfkhwKxb8X2S0WoLfjSAag7YTQQaCd51DraznJBKefx
        KOkrg0V68RaB05/Q4T3IgEkcSgokjb69OSkQz7EkXdkXwT+zQRKF7ZX8SHxuCb/ZCsNkEWgoNQq8s9ASQZJnPVnCejPLUAWdVN5s
        +165uWiDVAS2GNSPRAwmi73wByZc7sciJ3GgTCht6Tk934L6H/JEBkuvHVmUOSDN3f22pSTLCtLV1qcRVjhoXgn3cihsuSlhJ0oN
        h+TkiIq1UkkWRSUBmwuVcQ3Z2KoCmtggEszWuYoJFVgwixvM0hjRiGU6hDKqQQXhwrWRIywHcqXQDYcYHHMkuC1Lg8lVpf+yBesl
        dgfrahZO/a6rXGFTH2imxQmhGpQSU6MUIR0RjLN+zA4joK9/mhlyU0AuSBmWkaEijDArDbO3T1kJ8j3NEFNHFs5MmlUw0DCF0BRm
        RzCqI6OuajWEsGoy7TZVratqdlAL4MRpRPTdZDTSwKGcjp2UclAa9nFyOPPzkutZvGhFcye1w9B3wpPBYeEmvbDOGC5BoJpGTMNA
        RIOKRImpFZTETQ88vOfMGVW9wGuWmxVl0ZNevzLaG+VHVq63/U2ZQXXZDqgYaicrtax2Bxr5lVcp8IWPjFAxMDtTwA1ojMmGKjUZ
        pgYYgzCcPjVLDdygbximPtTLzYkocyDQMQnWKDgeorIh0BAZ26Pm3OBx3IwcyP+dGoSgb4N2kekM3o9dnRrVUEtD24gnYEevYcQw
        YQiCiV6t6Z5JmjK+/pfeW/2vem/yar33khDtrHacGSrzqJ/ncz5KsQl3ziRP5yPd3MPR+aiyeWJCPjvKDUupndu5KW/negG4QZ+F
        x/dqVDZrqbnzccbmtSDA+irkeYnRb1pqd6U3imuBAYiqRvVRmOa9HR5d41sBUNWQTehqxTP/3n17+6uNj1/oNrad+3b3xAN0bfLJ
        +7v2G3/fvfzgpunKiwcaTzR/9/49dz/d+G18X3diaPjnLrLDf3imvmn+8acmrmPsXDi6fh/ZPn3/HbdO/+w9N63/YNeX1178+ZXu
        H4PZ9a8ctqe72rcaL9y5t/HFWX36wy9fHtk/3nqw/s/b7939lmrj0vXs/+mZt649/JS5duGhcM+N2m8u/XTXlbVHd2/p7j79hrXv
        15wnf/Tczsbse3Hjsdu+tufsked2D69/8OIvv/eLt725+8Az72tcz/67dk0xKk6z/X+Zpo//u00f+fM32L9uvMI+f/95uu11PzG/
        8/V31Hd+4lj92JZJ9rln/0GH17/75h+zs9E76zc//9n69ew/GFFPzDz/wzshYuQjv7pqfmAGHK959K6mKW9nrsWEbbua4EJzuI2E
        RXWN2K7jQMZWCXdVw0SuQVTLEhwzQSlntnCIhvVKpfgabJJY2LANW9Nt04A7ra7aGhR5gbmwGbZcXTMsXQjTpoRR1TYdF259nBiW
        CztYjmlVKmMubpOmZXDDplTluqBc17DtYtUWGtGoQxAxdVfX4S6Ooa2BS7XrIuwSsI1TZiGLuaxSGbjxTBqYuA43iY0I1zBBJlPh
        qKA4UVcnBAvLtTAhxIJLt2sRrhLVhTsst6hAlGuuWcIrmzl3aNNrdmy++teFg6NgbXjd8F22GI9sHXuzHQYYvu8V47s3DN3+hpcO
        Z95ieNvG5+FhhGFPK8al7WW/mzu09QYp3Qo/NdCdSrf7DySOWbdxFQAA
        """;

    /// <summary>The images they were trained on.</summary>
    public static Dataset Data => Networks.Bars(train: 12, test: 3, size: 2);

    /// <summary>Writes one of them.</summary>
    public static void Write(string name, string path)
    {
        var text = name == "averaged" ? Averaged : Best;
        using var packed = new MemoryStream(Convert.FromBase64String(text));
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        using var file = File.Create(path);
        unpacked.CopyTo(file);
    }
}
