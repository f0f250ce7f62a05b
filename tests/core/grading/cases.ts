const T = String.raw;

/** Pairs of answers that are equal, by rule; one a line, "gold ~ pred". */
export const EQUAL: Record<string, string> = {
  "integers and separators": T`
7 ~ 7
66 ~ 66.
-5 ~ −5
+66 ~ 66
066 ~ 66
1234567 ~ 1,234,567
1234 ~ 1{,}234
1234 ~ 1\,234
12345678 ~ 12\,345\,678
32349 ~ 32,\! 349
10 000 ~ 10000
1 234 567 ~ 1,234,567
$42$ ~ \(42\)
**42** ~ 42
{5} ~ 5
(7) ~ 7`,
  decimals: T`
0.5 ~ .5
66.0 ~ 66
3.140 ~ 3.14
1,234.50 ~ 1234.5
1000,99 ~ 1000.99
0,25 ~ 0.25
-0.75 ~ -\frac{3}{4}
0.125 ~ 1/8
2.5 ~ \frac{5}{2}
0.1\overline{6} ~ \frac16
0.\overline{3} ~ 1/3`,
  "percentages": T`
28\% ~ 28
28\% ~ 28%
28 percent ~ 28\%
50% ~ 0.5
12.5\% ~ \frac{1}{8}
100\% ~ 1
7.5 pct ~ 7.5%
33 percentage points ~ 33`,
  "scientific notation": T`
1.5 \times 10^3 ~ 1500
1.5e3 ~ 1500
6.02\cdot 10^{23} ~ 602000000000000000000000
2.5 \times 10^{-3} ~ 0.0025
10^6 ~ 1,000,000
10^{-2} ~ 0.01
3\times10^{8} ~ 3e8`,
  fractions: T`
\frac12 ~ 1/2
\dfrac{1}{2} ~ \tfrac{1}{2}
\cfrac{3}{4} ~ 0.75
\frac{2}{4} ~ \frac{1}{2}
-\frac{1}{2} ~ \frac{-1}{2}
\frac{1}{-2} ~ -0.5
\frac{-3}{-4} ~ 3/4
{3}/{4} ~ \frac34
1\frac{1}{2} ~ 3/2
1 1/2 ~ 1.5
2\frac34 ~ \frac{11}{4}
-1\frac{1}{2} ~ -3/2
4 4/9 ~ \frac{40}{9}
½ ~ 0.5
\frac{10}{5} ~ 2
\frac{1.5}{3} ~ 0.5
\frac{17458}{2} ~ 8729
(1/3) ~ \left(\frac{1}{3}\right)
\frac{1,000}{3} ~ \frac{1000}{3}`,
  "roots and powers": T`
\sqrt2 ~ \sqrt{2}
\sqrt{8} ~ 2\sqrt{2}
\sqrt{12}+\sqrt{27} ~ 5\sqrt3
\frac{1}{\sqrt{2}} ~ \frac{\sqrt{2}}{2}
\sqrt[3]{8} ~ 2
\sqrt[3]{-8} ~ -2
2^{10} ~ 1024
2^{0.5} ~ \sqrt{2}
4^{1/2} ~ 2
x^{1/3} ~ \sqrt[3]{x}
\sqrt{x^2} ~ |x|
3^{-2} ~ \frac{1}{9}
2^-1 ~ 0.5
\sqrt{3+2\sqrt{2}} ~ 1+\sqrt{2}
2**10 ~ 1024
sqrt(3) ~ \sqrt{3}
√5 ~ \sqrt{5}
\frac{3\sqrt{3}}{2\sqrt{5}} ~ \frac{3\sqrt{15}}{10}
2^{2024}+1 ~ 1+2^{2024}
4\cdot 3^{2023} ~ 3^{2023}\cdot 4
12^{10} ~ 61917364224`,
  "pi and e": T`
\pi ~ π
2\pi ~ 2 \cdot \pi
\frac{9}{4}\pi ~ \frac{9\pi}{4}
\frac{\pi}{2} ~ 0.5\pi
e^{2} ~ e\cdot e
\mathrm{e} ~ e
1-\frac{1}{e} ~ \frac{e-1}{e}
e^{\ln 5} ~ 5
pi/3 ~ \frac{\pi}{3}
\exp(2) ~ e^2`,
  "units and text": T`
12 ~ 12\text{ cm}
12 ~ 12 cm
5cm ~ 5
12 cm^2 ~ 12
15\mbox{ cm}^2 ~ 15
18 ~ 18 dollars per day
3 apples ~ 3
125 miles ~ 125\text{ miles}
100 cm ~ 1 meter
2 km ~ 2000 meters
60 minutes ~ 1 hour
5\ \mathrm{m/s} ~ 5
10 \text{ units} ~ 10
3\sqrt{2} \text{ cm} ~ 3\sqrt2
\frac{1}{3} \text{ meters} ~ 1/3
16 \text{ square units} ~ 16
2 hours ~ 120 min
7 \text{ ways} ~ 7
12 million ~ 12,000,000
3 dozen ~ 36`,
  degrees: T`
90^\circ ~ 90
90° ~ 90 degrees
45^{\circ} ~ 45\degree
180^\circ - 2\alpha ~ 180 - 2\alpha
30 \text{ degrees} ~ 30`,
  currency: T`
\$18 ~ 18
$18.50 ~ 18.5
€20 ~ 20
18 dollars ~ \$18
1,000.99€ ~ 1000.99
£5 ~ 5`,
  intervals: T`
[0,1) ~ \left[0, 1\right)
(0.5, 2] ~ (\frac12,2]
(-\infty, 3] ~ (-\infty,3]
]0,1[ ~ (0,1)
[0,1[ ~ [0,1)
(-\infty,-4)\cup (-4,-\frac{8}{3}) ~ (-4,-8/3) \cup (-\infty,-4)
[-2,7] ~ x \in [-2,7]
-2 \le x \le 7 ~ [-2,7]
x > 5 ~ (5, \infty)
x \geq 5 ~ [5,+\infty)
x\leq -1 ~ (-\infty,-1]
0<c<1 ~ (0,1)
7 \ge x \ge -2 ~ [-2, 7]
x < 1 \text{ or } x > 3 ~ (-\infty,1)\cup(3,\infty)
(-\infty,0)\cup\{\frac{1}{2}\} ~ \{0.5\}\cup(-\infty,0)
\mathbb{R}\setminus\{3\} ~ (-\infty,3)\cup(3,\infty)
x \ne 3 ~ (-\infty,3)\cup(3,\infty)
(2, 12) \cup (12, 102) ~ x \in (2,12) \cup (12,102)
\{x \mid -2<x<3\} ~ (-2,3)
(\frac{3}{5},\frac{8}{3}] ~ (0.6,8/3]`,
  infinities: T`
\infty ~ ∞
+\infty ~ \infty
-\infty ~ -∞
\infty ~ infinity`,
  "sets and tuples": T`
\{1,2,3\} ~ \{3,1,2\}
\{1,2\} ~ \left\{ 2, 1 \right\}
\{1/2, 3\} ~ \{3,0.5\}
\{3\} ~ 3
(1,2) ~ (1, 2)
(1,\frac{9}{2}) ~ (1, 4.5)
(6,31,-1) ~ \left( 6, 31, -1 \right)
(2,251,252) ~ (2, 251, 252)
(1,3) ~ 1,3
\langle 1,2 \rangle ~ (1,2)
\{1,1,2\} ~ \{1,2\}
\{(1,2),(3,4)\} ~ \{(3,4),(1,2)\}
(3, \frac{\pi}{2}) ~ (3, \pi/2)
\emptyset ~ \varnothing
\{\} ~ \emptyset
no solution ~ \emptyset
(a,b) = (1,2) ~ (1,2)
\{\sqrt{8}, 1\} ~ \{1, 2\sqrt2\}`,
  "several answers": T`
1,2 ~ 2,1
1 and 2 ~ 1, 2
1, 2, and 3 ~ 3,2,1
5 or 6 ~ 6 \text{ or } 5
-2,1 ~ 1,-2
x=1, x=2 ~ 1,2
x = 1 \text{ or } x = 2 ~ 2, 1
n=1, 2, 3 ~ 1,2,3
1; 2 ~ 1, 2
19, 46, and 82 ~ 19, 46, \text{ and } 82
\frac12, 2 ~ 2, 0.5
P(x)=-1, P(x)=x+1 ~ P(x)=x+1, P(x)=-1
2,3 ~ \{3,2\}
{1,3} ~ 3,1
1 \text{ and } -1 ~ -1, 1`,
  "plus or minus": T`
1 \pm \sqrt{19} ~ 1+\sqrt{19}, 1-\sqrt{19}
\pm 2021 ~ -2021, 2021
\pm 3 ~ \{-3,3\}
x = \pm 2 ~ 2, -2
\frac{-1\pm\sqrt{5}}{2} ~ \frac{\sqrt5-1}{2}, \frac{-1-\sqrt5}{2}
3 \pm 2 \sqrt{2} ~ 3 \pm \sqrt{8}
\{1\pm\sqrt{5},-2\} ~ -2, 1+\sqrt5, 1-\sqrt5`,
  equations: T`
x = 3 ~ 3
3 ~ x=3
x = 3 ~ 3 = x
y = 2x+1 ~ 2x+1
y = 2x+1 ~ 2x - y + 1 = 0
2x+4y-3=0 ~ y=-\frac{1}{2}x+\frac{3}{4}
34x+45y-20z+100=0 ~ -34x-45y+20z-100=0
x^2/4 + y^2/3 = 1 ~ x^2/16 + y^2/12 = 1/4
f(x) = x^2 - x ~ x^2-x
f(x)=x(x-1) ~ f(x) = x^2 - x
g(n)=n - 1 ~ n-1
x = 5+5+1 = 11 ~ 11
12 \cdot 3 = 36 ~ 36
x \approx 11 ~ 11
x = 1/3 \approx 0.33 ~ 1/3
a_{ij} = i + j - 1 ~ a_{ij} = j+i-1
3a^2 - b^2 = 3 ~ 6a^2-2b^2=6
x^2+y^2=4 ~ 4 = y^2 + x^2
\theta = \frac{\pi}{3} ~ \frac{\pi}{3}
A = 12 ~ 12`,
  inequalities: T`
x \geq 5 ~ x >= 5
x < 3 ~ x \lt 3
x \leq 5 ~ 5 \geq x
x < 1 ~ -x > -1
2x < 2 ~ x < 1
x \neq 3 ~ x != 3
0 < k \le \frac{4}{9} ~ \frac49 \ge k > 0
f(2) < f(1) < f(4) ~ f(4) > f(1) > f(2)
x+y \le 3 ~ 3 \ge y + x
a \ge b ~ b \le a
x\geq-\frac{6}{5} ~ x \ge -1.2`,
  "matrices and vectors": T`
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ \begin{bmatrix}1&2\\3&4\end{bmatrix}
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ \left[\begin{array}{cc}1 & 2 \\3 & 4\end{array}\right]
\begin{pmatrix}1/2 \\ 3\end{pmatrix} ~ \begin{pmatrix}\frac{1}{2} \\ 3\end{pmatrix}
\begin{pmatrix} 0 & 3 \\ 0 & -1 \end{pmatrix} ~ \begin{pmatrix}0&3\\0&-1\\\end{pmatrix}
\begin{pmatrix}1\\2\end{pmatrix} ~ (1,2)
\begin{pmatrix}6 & 8 \\ 10 & 12\end{pmatrix} ~ \begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} + \begin{pmatrix}5 & 6 \\ 7 & 8\end{pmatrix}
\begin{pmatrix}19 & 22 \\ 43 & 50\end{pmatrix} ~ \begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} \begin{pmatrix}5 & 6 \\ 7 & 8\end{pmatrix}
\begin{pmatrix}1/2 & 1\end{pmatrix} ~ \frac{1}{2}\begin{pmatrix}1 & 2\end{pmatrix}
\begin{pmatrix}x^2-1\end{pmatrix} ~ \begin{pmatrix}(x-1)(x+1)\end{pmatrix}
A = \begin{pmatrix}1&0\\0&1\end{pmatrix} ~ \begin{pmatrix}1&0\\0&1\end{pmatrix}`,
  "complex numbers": T`
3+4i ~ 4i+3
(1+i)^2 ~ 2i
i^2 ~ -1
\frac{1}{i} ~ -i
e^{i\pi} ~ -1
\sqrt{-4} ~ 2i
2 e^{i\pi/3} ~ 1+\sqrt{3}i
\frac{1+i}{1-i} ~ i
|3+4i| ~ 5`,
  "polynomials and rational functions": T`
(x+1)^2 ~ x^2+2x+1
x^2-1 ~ (x-1)(x+1)
\frac{x+2}{7} ~ \frac{x}{7}+\frac{2}{7}
\frac{x^2-1}{x-1} ~ x+1
x(x+1)(x+2) ~ x^3+3x^2+2x
2xy ~ 2yx
ab ~ ba
n^2 +3n+2 ~ (n+1)(n+2)
\frac{1}{x}+\frac{1}{y} ~ \frac{x+y}{xy}
180 - 2\alpha ~ 2(90-\alpha)
\lambda^2 + 2\lambda + 1 ~ (\lambda+1)^2
\frac{R^2+Rr}{\sqrt{R^2-2Rr}} ~ \frac{R(R+r)}{\sqrt{R(R-2r)}}
-(x-1) ~ 1-x
x^{2}+1 ~ x^2 + 1
x_1+x_2 ~ x_2+x_1
\frac{pq}{p+q} ~ \frac{1}{\frac1p+\frac1q}
\pi(l+2) ~ \pi l + 2\pi
(n-2)2^n +1 ~ 2^n n - 2^{n+1} + 1
\frac{2025^{101} + 2025^2 + 2025 + 1}{2026} ~ \frac{2025^{101}+1}{2026} + 2025`,
  "trigonometry and logarithms": T`
\tan^2(y)+1 ~ \sec^2(y)
\sin^2 x + \cos^2 x ~ 1
2\sin x \cos x ~ \sin 2x
\sin(a+b) ~ \sin a\cos b + \cos a \sin b
\cos 2x ~ 1-2\sin^2 x
\cos\frac{\pi}{3} ~ 1/2
\tan\frac{\pi}{4} ~ 1
\arctan 1 ~ \frac{\pi}{4}
\sin^{-1}(1) ~ \frac{\pi}{2}
\ln 8 ~ 3\ln 2
\log_2 8 ~ 3
\log_{10} 1000 ~ 3
\frac{\ln 5}{\ln 2} ~ \log_2 5
\ln(x^2 y) ~ 2\ln x + \ln y
\log 100 ~ 2
\cot x ~ \frac{\cos x}{\sin x}
2 \sin b \cos a ~ 2\cos a\sin b
\cosh^2 x - \sinh^2 x ~ 1
\frac{1}{n}4\cos^{2}\frac{\pi}{2n} ~ \frac{4\cos^2(\pi/(2n))}{n}
\frac{\log c}{\log v} ~ \log_v c`,
  "base subscripts": T`
204_5 ~ 204_{5}
1010_2 ~ 1010_{2}
1112112_3 ~ 1112112_{3}`,
  "factorials, binomials, floors": T`
5! ~ 120
\binom{5}{2} ~ 10
\dbinom{n}{2} ~ \frac{n(n-1)}{2}
(n-2)! ~ \frac{n!}{n(n-1)}
{5 \choose 2} ~ 10
\binom{2k}{k}^2 ~ \left(\frac{(2k)!}{k!k!}\right)^2
(2k-1)!! ~ \frac{(2k)!}{2^k k!}
\lfloor 2.7 \rfloor ~ 2
\lceil 2.1 \rceil ~ 3
\left\lfloor \frac{p}{9} \right\rfloor ~ \lfloor p/9 \rfloor
\binom{10}{3} ~ \frac{10!}{3!7!}
\frac{1}{2004!} ~ \frac{2005}{2005!}
\sum_{k=1}^{n} k ~ \frac{n(n+1)}{2}
\sum_{i=1}^{10} i^2 ~ 385
\gcd(12,18) ~ 6
\prod_{k=1}^{n} k ~ n!`,
  "choices, yes and no, words": T`
A ~ (A)
\text{(C)} ~ C
(B) ~ B.
\textbf{(D)} ~ D
\text{E} ~ E
A ~ option A
yes ~ Yes
\text{Yes} ~ yes
No ~ no.
true ~ True
yes ~ true
\text{Evelyn} ~ Evelyn
Saturday ~ saturday
\text{no solutions} ~ no solution
even ~ \text{even}
Monday ~ \textbf{Monday}
n is prime ~ n \text{ is prime}`,
  "as people write them": T`
-\frac{2}{3},0,\frac{2}{3} ~ 0, \pm \frac{2}{3}
\frac{5}{3} \text{ or } 1\frac{2}{3} ~ \frac53, \frac53
x=\frac{1}{2}, y=3 ~ \left(\frac12, 3\right)
f(x) = 2x+1 ~ y = 2x+1
a_n = 2^n - 1 ~ 2^n-1
a_{n} = 2^{n} - 1 ~ a_n=2^n-1
S_n=\frac{n(n+1)}{2} ~ \frac{n^2+n}{2}
P(A)=\frac{3}{8} ~ 0.375
\mathrm{P}(X=2) = \frac{1}{4} ~ \frac14
\text{Area} = 12 ~ 12
\sqrt{50} ~ 5\sqrt{2}
\sqrt{0.25} ~ 0.5
(\sqrt{2})^4 ~ 4
\frac{1}{\sqrt3} ~ \frac{\sqrt3}{3}
\sqrt[3]{54} ~ 3\sqrt[3]{2}
8^{2/3} ~ 4
27^{-1/3} ~ \frac13
1.2\overline{3} ~ \frac{37}{30}
3.14159 ~ 3.14159
5{,}280 ~ 5280
1,2,3,4 ~ 4,3,2,1
\text{(i)} ~ i
\text{True} ~ T
\text{False} ~ \text{false}
C ~ \textbf{C}
(C) ~ \mathrm{C}
\text{A and C} ~ A, C
\text{none of the above} ~ none of the above
x>2 \text{ and } x<5 ~ 2<x<5
2 < x \text{ and } x < 5 ~ (2,5)
[2,\infty) ~ \{x: x\ge 2\}
[2,\infty) ~ \{x \in \mathbb{R} : x\ge 2\}
[2,\infty) ~ [2,+\infty[
\mathbb{R}\setminus\{0\} ~ x\neq 0
\mathbb{R}\setminus\{0\} ~ (-\infty,0)\cup(0,\infty)
\begin{bmatrix} 1 \\ 0 \end{bmatrix} ~ \begin{pmatrix} 1 \\ 0 \end{pmatrix}
\begin{pmatrix} a & b \\ c & d \end{pmatrix} ~ \begin{bmatrix} a & b\\ c& d\end{bmatrix}
\left(\begin{array}{c}1\\2\end{array}\right) ~ \begin{pmatrix}1\\2\end{pmatrix}
2\mathbf{i}+3\mathbf{j} ~ 3\mathbf{j}+2\mathbf{i}
\langle 1, -2, 3\rangle ~ (1,-2,3)
1+2i ~ 2i+1
5e^{i\pi/4} ~ 5e^{\frac{i\pi}{4}}
-1-i ~ -(1+i)
z = 3-4i ~ 3-4i
2+3i, 2-3i ~ 2\pm3i
\cos 60^\circ ~ \frac12
\sin\left(\frac{\pi}{6}\right) ~ 0.5
\arcsin\frac12 ~ \frac{\pi}{6}
\arccos(0) ~ \frac{\pi}{2}
\sin x\cos y+\cos x\sin y ~ \sin(x+y)
\log_a b \cdot \log_b a ~ 1
e^{x+y} ~ e^x e^y
\ln e^3 ~ 3
10^{\log_{10} 7} ~ 7
\frac{\ln 3}{\ln 2} ~ \log_2(3)
101_2 ~ 5
\text{FF}_{16} ~ \text{FF}_{16}
2A_{16} ~ 2A_{16}
12_{10} ~ 12
4! ~ 24
\frac{10!}{8!} ~ 90
\binom{n+1}{2} ~ \frac{n(n+1)}{2}
\lfloor\sqrt{n-1}\rfloor ~ \left\lfloor \sqrt{n-1} \right\rfloor
3 : 4 ~ 3:4
6 hours 30 minutes ~ 6 \text{ hours } 30 \text{ minutes}
$1,234.56 ~ 1234.56 dollars
£12.50 ~ 12.5
20 km/h ~ 20
9.8 m/s^2 ~ 9.8\ \mathrm{m/s^2}
50 cm^2 ~ 50\text{ cm}^{2}
25^\circ C ~ 25
1.5 hours ~ 90 minutes
3 kg ~ 3000 g
5\% ~ \frac{5}{100}
5\% ~ 0.05
110\% ~ 1.1
2.50 ~ 2.5
-0 ~ 0
- 5 ~ -5
\frac{7}{3} ~ 2\tfrac{1}{3}
\frac{7}{3} ~ 2.333333333
x+3 ~ 3+x
3(x+1) ~ 3x+3
\frac{3(x+1)}{(x+1)(x-2)} ~ \frac{3}{x-2}
(x^2+1)(x^4-x^2+1) ~ x^6+1
(1+x)^{10} ~ (x+1)^{10}
x^4-1 ~ (x-1)(x+1)(x^2+1)
a^{-2} ~ \frac{1}{a^2}
\sqrt{a^2 b} ~ |a|\sqrt{b}
\frac{x}{|x|} ~ \frac{|x|}{x}
y-2=3(x-1) ~ y=3x-1
\frac{x}{2}+\frac{y}{3}=1 ~ 3x+2y=6
x=2y ~ y=\frac{x}{2}
m=3, b=-1 ~ b=-1, m=3
n=4k+3 ~ n = 3+4k
x \in \{1,2\} ~ \{1, 2\}
x \in \{1,2\} ~ x=1 \text{ or } x=2
k \in (0, 1) ~ 0<k<1
\{(x,y): x=y\} ~ \{(x,y)\mid x=y\}
\ln 2 \cdot \ln 3 ~ \ln 3 \ln 2
x \ln 2 \cdot 3 ~ 3x\ln 2
\$32{,}348 ~ 32348
11\frac{1}{5} ~ 11.2
\left( -\infty, -\frac{8}{3} \right) ~ (-\infty,-8/3)
2:3 ~ 2 : 3
5.4 \text{ cents} ~ 5.4
\sqrt{13}\text{ cm}^2 ~ \sqrt{13}
70 \sqrt{2} ~ 70\sqrt{2} cm
\frac{1}{2}\pi ~ \pi/2
0.\overline{27} ~ \frac{3}{11}
k=\frac{1}{2} ~ .5
\text{June 20} ~ June 20
a = 3, b = 4 ~ (3,4)
[-1,1) ~ -1 \leq x < 1
8:30 am ~ 8:30 a.m.
10:00 \text{ p.m.} ~ 10:00 p.m.
-3 \text{ or } 5 ~ 5, -3
f^{-1}(x) = \frac{x-1}{2} ~ \frac{x-1}{2}
\begin{cases}x=1\\y=2\end{cases} ~ x=1, y=2
\mathbf{v} = \begin{pmatrix}1\\2\end{pmatrix} ~ \begin{pmatrix}1\\2\end{pmatrix}
\left|x\right| ~ |x|
\angle ABC = 60^\circ ~ 60
x \equiv 1 \pmod 4 ~ x\equiv 1 \pmod{4}
\frac{\sqrt[3]{4}}{2} ~ \frac{1}{\sqrt[3]{2}}
y = \frac{3}{4}x - \frac12 ~ 3x-4y=2
(x-2)^2+(y+1)^2=9 ~ x^2+y^2-4x+2y-4=0
C_1 e^{2x} + C_2 e^{-x} ~ C_2 e^{-x}+C_1 e^{2x}
\frac{x^3}{3}+C ~ C+\frac{1}{3}x^3
-\cos x + C ~ C-\cos x
2\arctan(x) ~ 2\tan^{-1} x
6 - 5i ~ -5i+6
\frac{1}{2}+\frac{\sqrt{3}}{2}i ~ e^{i\pi/3}
\text{cis } 60 ~ \text{cis } 60
1 + 2\cos\theta ~ 2\cos \theta+1
\log_{3}{81} ~ 4
\sin 30^\circ ~ \sin 30^{\circ}
1.0e-5 ~ 0.00001
3.0 \times 10^{8} \text{ m/s} ~ 3\times 10^8
2.99 \times 10^8 ~ 299000000
x^2 + 3x + 2 ~ (x+2)(x+1)
\frac{3}{4} ~ 75\%
\frac{5}{4} \text{ hours} ~ 1.25 hours
12 \text{ inches} ~ 1 foot
\{-2, 3\} ~ x=-2 \text{ or } x=3
\{2\} ~ x = 2
(2, 3) ~ x = 2, y = 3
(2,3) ~ (x,y)=(2,3)
-\infty < x < 3 ~ (-\infty, 3)
x<3 ~ (-\infty, 3)
\mathbb{R} ~ (-\infty, \infty)
\mathbb{R} ~ \text{all real numbers}
p \geq 4 \text{ or } p \le 0 ~ (-\infty,0]\cup[4,\infty)
2^{n}-1 ~ 2^n - 1
2^{2n} ~ 4^n
\frac{n!}{(n-k)!k!} ~ \binom{n}{k}
\binom{n}{k} ~ C(n,k)
\binom{12}{5} ~ 792
2^{100} ~ 4^{50}
\sqrt{1+\sqrt2} ~ (1+2^{1/2})^{1/2}
\frac{a+b}{2} ~ \frac12 (a+b)
\dfrac{m-1}{m} ~ 1-\frac1m
\max(1,2) ~ 2
1-\left(\frac{1}{2}\right)^{n} ~ 1-2^{-n}
\text{Yes, } x=2 ~ \text{Yes, } x=2
\text{(B) } 12 ~ B
\textbf{(B)}\ 12 ~ \text{B}
(B)\ \frac{1}{2} ~ B
\frac{22}{7} ~ 3\frac{1}{7}
-2\frac{1}{2} ~ -2.5
\frac{-5}{2} ~ -\frac52
5\times 10^{-3} ~ 0.005
0.05 ~ .05
60 ~ 60 mph
36\pi ~ 36\pi \text{ square inches}
36\pi ~ 36 \pi\ \mathrm{cm}^2
\frac{1}{4}x+\frac{3}{4} ~ \frac{x+3}{4}
\sqrt{x+1}-1 ~ -1+\sqrt{1+x}
x^{-1} ~ \frac1x
e^{-x} ~ \frac{1}{e^x}
\ln\frac{a}{b} ~ \ln a-\ln b
\log_{10}2 ~ \lg 2
\frac{1}{\sin x} ~ \csc x
1+\tan^2 x ~ \frac{1}{\cos^2 x}
\cos^2 x - \sin^2 x ~ \cos(2x)
\tfrac{\pi}{6}+k\pi ~ \frac{\pi}{6} + \pi k
x=\frac{\pi}{6}+2k\pi, k\in\mathbb{Z} ~ x=\frac{\pi}{6}+2\pi k, k \in \mathbb{Z}
\frac{n(n+1)(2n+1)}{6} ~ \frac{2n^3+3n^2+n}{6}
\infty ~ +\infty
\text{DNE} ~ \text{does not exist}
3, 5, 7 ~ 7,5,3
3,5,7 ~ (3,5,7)
10 ~ 10.
\text{10} ~ 10
1{,}000{,}000 ~ 10^6
1 000 000 ~ 10^{6}
\$1.50 ~ 1.5
-7 ~ \text{-}7
3 \frac{1}{2} ~ 7/2
7/2 ~ \frac{7}{2}
A, B, C ~ B, A, C
6\sqrt{3}+8 ~ 8+6\sqrt3
100! ~ 100 \cdot 99!
\frac{2x}{x^2-1} ~ \frac{1}{x-1}+\frac{1}{x+1}
|x-3| ~ |3-x|
(a-b)(a+b) ~ a^2-b^2
\lambda^8+1 ~ 1+\lambda^8
4x^2 - 4x + 1 = 0 ~ (2x-1)^2=0
12 \text{ cm}^3 ~ 12 cm³
m\angle A = 30 ~ 30
3 ~ three
\frac{1}{8} ~ 12.5\%
\text{the red ball} ~ red ball
6 ~ f(3)=6
2 - \sqrt{3} ~ \frac{1}{2+\sqrt{3}}
x = y ~ y = x
x = -y ~ x + y = 0
\emptyset ~ \{\}
[1,2]\cup[3,4] ~ [3,4]\cup[1,2]
\left\{1,2\right\} ~ \{2,1\}
\left(\frac{1}{2}\right)^{10} ~ \frac{1}{1024}
\frac{\frac{1}{2}}{3} ~ \frac16
\frac{1}{6} ~ \frac{\frac{1}{2}}{3}
\sum_{k=0}^{\infty} \frac{1}{2^k} ~ \sum_{n=0}^{\infty} 2^{-n}
\sqrt[4]{16} ~ 2
i\sqrt{3} ~ \sqrt{-3}
\det A = 5 ~ 5
3.5\% ~ 0.035
\frac{3+\sqrt{5}}{2},\frac{3-\sqrt{5}}{2} ~ \frac{3\pm\sqrt5}{2}
\overline{AB} ~ \overline{AB}
2\sqrt{2}\ \text{units} ~ 2\sqrt2
x\in(1,2] ~ 1<x\le2
AB=5 ~ 5
10\,000 ~ 10000
\frac{4}{9}\cdot\pi ~ \frac{4\pi}{9}
\pi r^2 ~ r^2 \pi
2\pi r(r+h) ~ 2\pi r^2+2\pi rh
s(s-a)(s-b) ~ s(s-b)(s-a)`,
  "decimals that round": T`
\frac{1}{12} ~ 0.0833333333333333
\sqrt{17} ~ 4.123105625617661
\frac{1}{3} ~ 0.333333
\pi ~ 3.14159265
\frac{\sqrt2}{2} ~ 0.70710678`,
};

/** Pairs that look alike and are not equal. */
export const UNEQUAL: Record<string, string> = {
  numbers: T`
66 ~ 67
-5 ~ 5
1 ~ 10
12 ~ 1,2
6 6 ~ 66
1234 ~ 1,235
32349 ~ 32, 349
0.5 ~ 0.05
1/3 ~ 0.33
1/3 ~ 0.333
1/3 ~ 0.3334
2/3 ~ 0.67
2/3 ~ 0.66
1/7 ~ 0.14
1/7 ~ 0.142
0.3 ~ 0.\overline{3}
3.14 ~ 3.141
1/2 ~ 2
1/2 ~ -1/2
\frac{1}{2} ~ \frac{1}{3}
1\frac{1}{2} ~ \frac{11}{2}
1\frac{1}{2} ~ \frac{1}{2}
2\frac13 ~ \frac23
1/0 ~ 0
1/0 ~ 1/0.0
1000 ~ 1000000
10^5 ~ 105
1e5 ~ 15
10^5 ~ 10^6
1.5\times 10^3 ~ 1.5\times 10^4
10^{-3} ~ 10^3
0.001 ~ 0.0001
99999999999999999999 ~ 99999999999999999998
10000000000000000000001 ~ 10000000000000000000000
3,7 ~ 37
3,7 ~ 3.7
7 ~ 7!
0 ~ 0.0000001
1 ~ 0.9999999
1 ~ 0.999999999`,
  "percentages and units": T`
0.28 ~ 28
28/100 ~ 28
28\% ~ 0.028
28\% ~ 2.8
50\% ~ 5
12 million ~ 12
5 ab ~ 5
5 cm ~ 5 cm^2
5 cm ~ 5 m
3 hours ~ 3 minutes
2x ~ 2
5 or 6 ~ 5
12 dozen ~ 12
1 km ~ 100 meters`,
  "roots, powers, constants": T`
\sqrt{2} ~ 2
\sqrt{2} ~ 1.414
\sqrt{2} ~ 1.4142
\sqrt{2} ~ -\sqrt{2}
2\sqrt{3} ~ 3\sqrt{2}
\sqrt{5} ~ \sqrt{6}
4\sqrt{2} ~ 4
1\sqrt{19} ~ 1
\sqrt[3]{2} ~ \sqrt{2}
\sqrt{8} ~ 4\sqrt{2}
2^{10} ~ 2
2^{10} ~ 20
2^{10} ~ 10^2
2^3 ~ 3^2
\pi ~ 3.14
\pi ~ 3.1416
\pi ~ 22/7
2\pi ~ 2
2\pi ~ \pi^2
e ~ 2.718
e ~ \pi
e^2 ~ 2e
1 - \frac{1}{e} ~ 1 + \frac{1}{e}
\frac{1+\sqrt{5}}{2} ~ 2
\frac{1+\sqrt{5}}{2} ~ 1.618
\frac{1+\sqrt{5}}{2} ~ \frac{1-\sqrt{5}}{2}
\sqrt{2}+\sqrt{3} ~ \sqrt{5}
\frac{1}{2^{99}} ~ \frac{1}{2^{98}}
\frac{1}{2004!} ~ \frac{1}{2006!}
2^{2024} ~ 2^{2024}+1
2^{2024} ~ 2^{2025}
10^{100} ~ 10^{100}+1
\frac{1}{10^{50}} ~ 0
10^{-20} ~ 0
e^{-100} ~ 0
4\cdot 3^{2023} ~ 4\cdot 3^{2022}
9^{9^9} ~ 9^{9^{10}}
\frac{34}{16}+\frac{\sqrt{1358}}{16} ~ 4`,
  "brackets and ends": T`
(1,2) ~ [1,2]
(1,2) ~ [1,2)
(1,2) ~ (1,2]
[1,2) ~ (1,2]
[0,9) ~ [0,1)
(0,1) ~ (0,1.5)
(1,2) ~ (2,1)
(1,2,3) ~ (1,3,2)
(1,2) ~ (1,2,3)
(1,2) ~ \{1,2\}
(3,1) ~ \{1,3\}
\{1,2\} ~ \{1,3\}
\{1,2\} ~ \{1,2,3\}
\{1,2\} ~ 1
\{1\} ~ \{1,2\}
(-\infty,3] ~ (-\infty,3)
(-\infty,3) ~ (3,\infty)
(-\infty,0)\cup(1,2) ~ (-\infty,0)\cup(1,3)
(-\infty,0)\cup(1,2) ~ (-\infty,0)
(0,1)\cup(1,2) ~ (0,2)
\emptyset ~ 0
\emptyset ~ \{0\}
\infty ~ -\infty
\infty ~ 1000000
(1,\infty) ~ (1,100)
1 ~ -[0,1)
[-2,7] ~ [-7,2]
[1,2] ~ \{1,2\}
3,1 ~ (1,3)`,
  "several answers": T`
1,2 ~ 1
1,2 ~ 1,3
1,2,3 ~ 1,2
1, 2, 3 ~ 1, 2, 3, ...
1,1 ~ 1,2
19, 46, and 82 ~ 21, 36, and 82
\pm 2021 ~ 2021
\pm 2 ~ -2
1 \pm \sqrt{19} ~ 1 + \sqrt{19}
1 \pm \sqrt{19} ~ -1 \pm \sqrt{19}
1 \pm 2 ~ 3, 1
x=1, x=2 ~ x=1, x=3
2, 3 ~ 6
2 and 3 ~ 5
1, -1 ~ 1, 1
2,5 ~ 25`,
  "equations and inequalities": T`
x = 3 ~ 4
x = 3 ~ y = 3
x = 3 ~ x = -3
7 = 11a+c ~ 11a+c
2x + z = 1 ~ 1
a + 3z = 0 ~ 0
a^2 + b = 0 ~ 0
y = 2x+1 ~ y = 2x-1
y = 2x+1 ~ x = 2y+1
y = x^2 ~ y = 2x
x^2 = 4 ~ x = 2
x^2+y^2=1 ~ x^2-y^2=1
x^2+y^2=4 ~ x^2+y^2=2
3x+2y=6 ~ 2x+3y=6
x + y = 1 ~ x + y = 2
x > 5 ~ x < 5
x > 5 ~ x \geq 5
x \geq 5 ~ x \leq 5
x > 5 ~ 5
x > 5 ~ x = 5
x > 5 ~ x > 6
x < 1 ~ x > -1
x < 1 ~ -x < -1
x \neq 3 ~ x = 3
x \neq 3 ~ 3
1 < x < 2 ~ 1 \le x \le 2
1 < x < 2 ~ 1 < x < 3
0 < x ~ x < 0
-2 \le x \le 7 ~ (-2,7)
x \in [-2,7] ~ x \in [-2,7)
f(2) < f(1) < f(4) ~ f(1) < f(2) < f(4)
f(2) ~ 2f
f(x) = x+1 ~ f(x) = x-1
n \ge 2 ~ n > 2
n=2k ~ n=3k`,
  matrices: T`
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ \begin{pmatrix}1 & 2 \\ 3 & 5\end{pmatrix}
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ \begin{pmatrix}1 & 3 \\ 2 & 4\end{pmatrix}
\begin{pmatrix}1 & 2\end{pmatrix} ~ \begin{pmatrix}1 \\ 2\end{pmatrix}
\begin{pmatrix}1\\2\end{pmatrix} ~ \begin{pmatrix}2\\1\end{pmatrix}
\begin{pmatrix}1\\2\end{pmatrix} ~ (2,1)
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ \begin{vmatrix}1 & 2 \\ 3 & 4\end{vmatrix}
\begin{pmatrix}1 & 0 \\ 0 & 1\end{pmatrix} ~ 1
\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix} ~ (1,2,3,4)
\begin{pmatrix}1/3\end{pmatrix} ~ \begin{pmatrix}0.33\end{pmatrix}`,
  "complex numbers": T`
3+4i ~ 3-4i
3+4i ~ 4+3i
i ~ -i
i ~ 1
2i ~ 2
(1+i)^2 ~ 2
e^{i\pi/2} ~ 1
\sqrt{-4} ~ 2
\sqrt{-4} ~ -2
|3+4i| ~ 7`,
  expressions: T`
2x ~ x^2
2x ~ x
x^2 ~ x_2
x^2 ~ x^3
x ~ y
x+y ~ x-y
x-y ~ y-x
xy ~ x+y
(x+1)^2 ~ x^2+1
(x+1)^2 ~ x^2+x+1
(x-1)(x+1) ~ x^2+1
(a+5)(b+2) ~ (+5)(b+2)
x+2n+1 ~ x+1
\frac{1}{x+y} ~ \frac{1}{x}+\frac{1}{y}
\frac{x}{y} ~ \frac{y}{x}
\frac{x}{2} ~ \frac{2}{x}
\sqrt{x+y} ~ \sqrt{x}+\sqrt{y}
\sqrt{x^2} ~ x
|x| ~ x
|x-1| ~ x-1
x^{1/2} ~ x^{1/3}
2^n ~ n^2
2^n ~ 2n
2^{n+1} ~ 2^n+1
2^{n} ~ 2^{n-1}
n! ~ n
n! ~ (n-1)!
n(n+1)/2 ~ n(n-1)/2
\binom{n}{2} ~ \binom{n}{3}
\binom{5}{2} ~ \frac{5}{2}
\binom{n}{k} ~ \binom{k}{n}
(2k-1)!! ~ (2k-1)!
\lfloor x \rfloor ~ x
\lfloor x \rfloor ~ \lceil x \rceil
\lfloor \frac{p}{9} \rfloor ~ \frac{p}{9}
\lfloor \sqrt{n-1} \rfloor ~ \lfloor \sqrt{n} \rfloor
\sin x ~ \cos x
\sin x ~ x
\sin 2x ~ 2\sin x
\sin^2 x ~ \sin x^2
\sin^{-1} x ~ \frac{1}{\sin x}
\tan x ~ \cot x
\cos(-x) ~ -\cos x
\ln x ~ \log x
\ln 2 ~ \log 2
\ln 2 ~ 0.693
\log_2 3 ~ \log_3 2
\ln(x+y) ~ \ln x + \ln y
\log_2 a ~ \log_2 b
\sum_{k=1}^{n} k ~ \sum_{k=1}^{n} k^2
\sum_{k=1}^{n} k ~ \sum_{k=0}^{n-1} k
F_n = \sum_{k=0}^{n-1} F_k F_{n-k-1} ~ F_n = \sum_{k=0}^{n-2} F_k F_{n-k-2}
R-2r ~ r-2R
\frac{\pi r}{h+r} ~ \frac{\pi r}{h-r}
180 - 2\alpha ~ 180 - \alpha
3n ~ n^3
p-1 ~ p+1
q-1 ~ 1-q
2025^2 a(a-1) ~ 2025 a(a-1)
7^d p ~ 7^p d
e^{x} ~ e^{-x}
x^2+10^{-8} ~ x^2`,
  "bases, letters, words": T`
204_5 ~ 204_6
204_5 ~ 204
1112112_3 ~ 1112122_3
12:00 ~ 1:00
A ~ B
(A) ~ (C)
yes ~ no
true ~ false
Evelyn ~ Briana
even ~ odd
odd n ~ even n
all primes ~ all odd primes
A ~ 1
no solution ~ 0
undefined ~ 0
Monday ~ Tuesday
B ~ 8
All powers of 2 ~ All powers of 3`,
  "as people write them": T`
1,2,3,4 ~ 1,2,3,5
\text{True} ~ \text{False}
\begin{pmatrix} a & b \\ c & d \end{pmatrix} ~ \begin{bmatrix} a & c\\ b& d\end{bmatrix}
\log 3 ~ \log_2 3
5\% ~ 0.5
\frac{7}{3} ~ 2.33
\frac{7}{3} ~ 2.3
\sqrt{3} ~ 1.732
x^4-1 ~ (x-1)(x+1)(x^2-1)
x=1 ~ x=1, x=2
(x,y)=(1,2) ~ (x,y)=(2,1)
\ln 2 \cdot 3 ~ \ln 6
\cos 60^\circ ~ \cos 60
x>2 \text{ and } x<5 ~ 2 \le x<5
x<2 \text{ or } x>5 ~ (2,5)
3 kg ~ 30 g
P(X=2) = \frac{1}{4} ~ \frac12
2:3 ~ 3:2
\text{June 20} ~ June 21
x \equiv 1 \pmod 4 ~ x\equiv 3 \pmod{4}
2^{100} ~ 4^{51}
\lceil n/2\rceil ~ \lfloor n/2\rfloor
\log_{2}10 ~ \lg 2
(a-b)^2 ~ a^2-b^2
(x-1)(x-2)=0 ~ x=1
n ~ m`,
  "unreadable": T`
\frac{1}{ ~ \frac{2}{
x + ~ y +
\foo{x} ~ \bar{y}
?? ~ !!
\sqrt ~ \frac
((1) ~ ((2)
= ~ \ne
x = ~ y =`,
};

/** The pairs of a table with their rule. */
export function pairs(table: Record<string, string>): [string, string, string][] {
  return Object.entries(table).flatMap(([rule, lines]) =>
    lines
      .trim()
      .split("\n")
      .map((line): [string, string, string] => {
        const [gold = "", pred = ""] = line.split(" ~ ");
        return [rule, gold, pred];
      }),
  );
}
